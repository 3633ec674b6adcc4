// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/atomic_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace interleave::storage {

namespace {

std::string adviceFor(int errorNumber) {
    switch (errorNumber) {
    case ENOSPC:
    case EDQUOT:
        return "free some space or choose another place";
    case EACCES:
    case EPERM:
    case EROFS:
        return "choose a place that you may write to";
    case ENOENT:
    case ENOTDIR:
        return "make the folder first or choose another one";
    default:
        return "choose another place";
    }
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int fd)
    : m_target(std::move(target))
    , m_temporary(std::move(temporary))
    , m_fd(fd) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_target(std::move(other.m_target))
    , m_temporary(std::exchange(other.m_temporary, {}))
    , m_fd(std::exchange(other.m_fd, -1)) {}

AtomicFile::~AtomicFile() {
    if (m_fd >= 0) {
        ::close(m_fd);
    }
    if (!m_temporary.empty()) {
        ::unlink(m_temporary.c_str());
    }
}

Error AtomicFile::failure(std::string_view doing, int errorNumber) const {
    return {fmt::format("{}: can't {} ({}); {}.", m_target.string(), doing,
                        std::strerror(errorNumber), adviceFor(errorNumber))};
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& target) {
    std::error_code ignored;
    if (target.empty() || target.filename().empty() ||
        std::filesystem::is_directory(target, ignored)) {
        return fail(fmt::format("{}: is a folder; give the name of a file.",
                                target.empty() ? "''" : target.string()));
    }
    // Renaming over a device or a pipe would replace it, which nobody means.
    if (std::filesystem::exists(target, ignored) &&
        !std::filesystem::is_regular_file(target, ignored)) {
        return fail(
            fmt::format("{}: is not a regular file; give the name of a file.", target.string()));
    }
    std::string pattern = target.string() + ".XXXXXX";
    const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        return std::unexpected(AtomicFile(target, {}, -1).failure("be written", error));
    }
    // mkstemp gives 0600; a saved file follows the user's umask like any other.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(fd, 0666 & ~mask);
    return AtomicFile(target, pattern, fd);
}

Result<void> AtomicFile::write(std::span<const std::byte> data) {
    while (!data.empty()) {
        const ssize_t written = ::write(m_fd, data.data(), data.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return std::unexpected(failure("be written", errno));
        }
        data = data.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::write(std::string_view text) {
    return write(std::as_bytes(std::span(text)));
}

Result<void> AtomicFile::overwrite(std::uint64_t offset, std::span<const std::byte> data) {
    while (!data.empty()) {
        const ssize_t written =
            ::pwrite(m_fd, data.data(), data.size(), static_cast<off_t>(offset));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return std::unexpected(failure("be written", errno));
        }
        data = data.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> AtomicFile::commit() {
    if (::fsync(m_fd) != 0) {
        return std::unexpected(failure("be written", errno));
    }
    if (::close(std::exchange(m_fd, -1)) != 0) {
        return std::unexpected(failure("be written", errno));
    }
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        return std::unexpected(failure("be replaced", errno));
    }
    m_temporary.clear();
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path& target, std::string_view text) {
    Result<AtomicFile> file = AtomicFile::create(target);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (Result<void> written = file->write(text); !written) {
        return written;
    }
    return file->commit();
}

Result<std::string> readFile(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(fmt::format("{}: can't be opened ({}); check the name.", file.string(),
                                std::strerror(errno)));
    }
    struct stat status {};
    std::string text;
    Result<std::string> result;
    if (::fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        result = fail(fmt::format("{}: is a folder; give a file.", file.string()));
    } else {
        text.resize(static_cast<std::size_t>(status.st_size));
        std::size_t filled = 0;
        while (true) {
            if (filled == text.size()) {
                text.resize(filled + 65536); // grew meanwhile, or isn't a regular file
            }
            const ssize_t got = ::read(fd, text.data() + filled, text.size() - filled);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                result = got == 0 ? Result<std::string>()
                                  : fail(fmt::format("{}: can't be read ({}).", file.string(),
                                                     std::strerror(errno)));
                break;
            }
            filled += static_cast<std::size_t>(got);
        }
        if (result) {
            text.resize(filled);
            result = std::move(text);
        }
    }
    ::close(fd);
    return result;
}

} // namespace interleave::storage
