// The fuzz target of the decoder (fuzz/dbn_decode_fuzz.cpp), run inside the ordinary tests on the official files, cut and
// damaged, so that what the fuzzer guards is guarded in every build.
#include <gtest/gtest.h>

#include "vectors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace spymaster::dbn {
namespace {

using namespace test;

void run(std::uint8_t choice, std::span<const std::byte> input) {
    std::vector<std::uint8_t> bytes{choice};
    for (const std::byte byte : input) bytes.push_back(std::to_integer<std::uint8_t>(byte));
    EXPECT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
}

TEST(FuzzRegression, OfficialFilesCutAtManyPlaces) {
    SPY_NEEDS_DATA();
    std::uint8_t choice = 0;
    for (const auto& file : files_under(dbn_vectors())) {
        const Bytes bytes = read_file(file);
        const bool fragment = file.string().find(".frag") != std::string::npos;
        for (std::size_t size = 0; size <= bytes.size(); size += 1 + bytes.size() / 150) {
            choice = static_cast<std::uint8_t>(choice + 4);  // another block size each time
            const bool own_thread = size % 8 == 0;
            run(static_cast<std::uint8_t>(choice | (own_thread ? 2 : 0) | (fragment ? 1 : 0)),
                std::span(bytes).first(size));
        }
        run(fragment ? 1 : 0, bytes);
    }
}

TEST(FuzzRegression, FragmentsOfNoise) {
    // A fixed sequence: bytes without any structure, read as records.
    std::uint32_t state = 1;
    for (int round = 0; round < 200; ++round) {
        Bytes noise(300);
        for (std::byte& byte : noise) {
            state = state * 1664525U + 1013904223U;
            byte = static_cast<std::byte>(state >> 24U);
        }
        noise[0] = static_cast<std::byte>(4 + round % 40);
        run(static_cast<std::uint8_t>(round | 1), noise);
    }
}

}  // namespace
}  // namespace spymaster::dbn
