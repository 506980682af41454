#include "dbn/encoder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dbn/zstd_writer.hpp"

namespace spymaster::dbn {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;

}  // namespace

class Encoder::Impl {
  public:
    Impl(std::filesystem::path path, std::filesystem::path partial, int file, EncodeOptions options)
        : path_(std::move(path)), partial_(std::move(partial)), file_(file) {
        if (options.zstd) compressor_.emplace(options.level);
    }
    ~Impl() {
        if (file_ < 0) return;
        ::close(file_);
        ::unlink(partial_.c_str());
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void> write(std::span<const std::byte> bytes) {
        SPY_ASSERT(file_ >= 0);
        // Small writes are gathered; a large one goes straight through.
        if (pending_.size() + bytes.size() > kBufferBytes) {
            SPY_TRY(store(pending_));
            pending_.clear();
            if (bytes.size() >= kBufferBytes) return store(bytes);
        }
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        return {};
    }

    Result<void> finish() {
        if (compressor_) {
            stored_.clear();
            compressor_->finish(pending_, stored_);
        }
        SPY_TRY(write_file(compressor_ ? stored_ : pending_));
        if (::fsync(file_) != 0) return failed("flush");
        if (::close(std::exchange(file_, -1)) != 0) return failed("close");
        if (std::rename(partial_.c_str(), path_.c_str()) != 0) return failed("rename");
        // The name itself reaches the disk with its folder.
        const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
        const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory >= 0) {
            ::fsync(directory);
            ::close(directory);
        }
        return {};
    }

  private:
    Result<void> store(std::span<const std::byte> bytes) {
        if (!compressor_) return write_file(bytes);
        stored_.clear();
        compressor_->write(bytes, stored_);
        return write_file(stored_);
    }

    Result<void> write_file(std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::write(file_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return failed("write");
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        return {};
    }

    [[nodiscard]] Error failed(std::string_view what) const {
        return make_error(ErrorCode::io, "{}: cannot {}: {}", path_.string(), what, std::strerror(errno));
    }

    std::filesystem::path path_;
    std::filesystem::path partial_;         // the name while it is being written
    int file_;                              // -1 once finished
    std::optional<ZstdWriter> compressor_;  // none: raw
    std::vector<std::byte> pending_;
    std::vector<std::byte> stored_;
};

Result<Encoder> Encoder::create(const std::filesystem::path& path, const Metadata& metadata,
                                EncodeOptions options) {
    auto head = encode_metadata(metadata);
    if (!head) return head.error().within(path.string());
    std::filesystem::path partial = path;
    partial += fmt::format(".{}.partial", ::getpid());
    const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return make_error(ErrorCode::io, "{}: cannot create: {}", partial.string(), std::strerror(errno));
    auto impl = std::make_unique<Impl>(path, std::move(partial), file, options);
    SPY_TRY(impl->write(*head));
    return Encoder(std::move(impl));
}

Encoder::Encoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

Result<void> Encoder::write(std::span<const std::byte> whole_records) {
    return impl_->write(whole_records);
}
Result<void> Encoder::finish() {
    return impl_->finish();
}

}  // namespace spymaster::dbn
