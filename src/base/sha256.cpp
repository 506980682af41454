#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace spymaster {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    SPY_ASSERT(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

void Sha256::update(const void* bytes, std::size_t size) {
    SPY_ASSERT(EVP_DigestUpdate(context_.get(), bytes, size) == 1);
}

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    SPY_ASSERT(EVP_DigestFinal_ex(context_.get(), digest.data(), &length) == 1);
    return hex(std::span(digest).first(length));
}

std::string hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string sha256_of(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes.data(), bytes.size());
    return hash.finish();
}

Result<FileHash> sha256_of_file(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
    if (!file) {
        const int number = errno;
        return make_error(number == ENOENT ? ErrorCode::missing : ErrorCode::io, "cannot open {}: {}",
                          path.string(), std::generic_category().message(number));
    }
    std::setvbuf(file.get(), nullptr, _IONBF, 0);  // our buffer is the only one
    std::vector<char> buffer(std::size_t{1} << 20);
    FileHash result;
    Sha256 hash;
    for (;;) {
        const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get());
        hash.update(buffer.data(), count);
        result.size_bytes += static_cast<std::int64_t>(count);
        if (count < buffer.size()) break;
    }
    if (std::ferror(file.get()) != 0) {
        return make_error(ErrorCode::io, "cannot read {}", path.string());
    }
    result.sha256 = hash.finish();
    return result;
}

}  // namespace spymaster
