// The real market files of SPYMASTER_TEST_DATA (default ../shared/data), read record by record.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "dbn/decoder.hpp"
#include "dbn/records.hpp"

namespace spymaster::testing {

inline std::filesystem::path real_file(const std::string& name) {
    const char* folder = std::getenv("SPYMASTER_TEST_DATA");
    return std::filesystem::path(folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/data") /
           "real" / name;
}

inline constexpr const char* kEsh4 = "esh4-glbx-mdp3-20231225.mbo.dbn.zst";
inline constexpr const char* kEsm4 = "esm4-glbx-mdp3-20240508T000000-000002.mbo.dbn.zst";

// Calls use(record) for every MBO record of a file, in file order.
template <class Use>
void for_each_mbo(const std::filesystem::path& path, Use&& use) {
    auto decoder = dbn::Decoder::open(path);
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    for (;;) {
        const auto block = decoder->next_block();
        ASSERT_TRUE(block.ok()) << block.error().message;
        if (block->empty()) return;
        for (std::size_t at = 0; at < block->size();) {
            const auto header = dbn::load<dbn::RecordHeader>(block->data() + at);
            if (header.rtype == dbn::rtype::mbo) use(dbn::load<dbn::MboMsg>(block->data() + at));
            at += header.size();
        }
    }
}

}  // namespace spymaster::testing

#define SPY_SKIP_WITHOUT(path) \
    if (!std::filesystem::exists(path)) GTEST_SKIP() << (path) << " is not there (SPYMASTER_TEST_DATA)"
