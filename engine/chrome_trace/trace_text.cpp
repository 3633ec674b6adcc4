// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_text.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kStepBytes = std::size_t{4} << 20; // between looks at the stop token

std::size_t wholePages(std::size_t bytes) {
    return (bytes + kPage - 1) / kPage * kPage;
}

bool isGzip(std::string_view bytes) {
    return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

/// What unpacked text may take: compressed data can claim a thousand times its size.
std::size_t mostUnpackedBytes() {
    const auto pages = static_cast<std::size_t>(std::max(::sysconf(_SC_PHYS_PAGES), 1L));
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

class Descriptor {
public:
    explicit Descriptor(const char* path)
        : m_fd(::open(path, O_RDONLY | O_CLOEXEC)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

/// zlib's state with its end.
class Inflater {
public:
    Inflater() { m_isOpen = ::inflateInit2(&m_stream, 15 + 16) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { ::inflateEnd(&m_stream); }
    bool isOpen() const { return m_isOpen; }
    z_stream& stream() { return m_stream; }

private:
    z_stream m_stream{};
    bool m_isOpen = false;
};

Error cancelled(std::string_view name) {
    return {fmt::format("Opening {} was cancelled.", name)};
}

Error noMemory(std::string_view name) {
    return {fmt::format("There is not enough memory to open {}.", name)};
}

} // namespace

TraceText::TraceText(TraceText&& other) noexcept {
    *this = std::move(other);
}

TraceText& TraceText::operator=(TraceText&& other) noexcept {
    if (this != &other) {
        release();
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
        m_reserved = std::exchange(other.m_reserved, 0);
        m_isUnpacked = other.m_isUnpacked;
        m_wasPacked = other.m_wasPacked;
        m_isDamaged = other.m_isDamaged;
    }
    return *this;
}

TraceText::~TraceText() {
    release();
}

void TraceText::release() {
    if (m_data != nullptr) {
        ::munmap(m_data, m_reserved);
    }
}

bool TraceText::grow(std::size_t size) {
    const std::size_t wanted = wholePages(size + kScanPadding);
    if (wanted <= m_reserved) {
        return true;
    }
    void* memory = m_data == nullptr ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                     : ::mremap(m_data, m_reserved, wanted, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) {
        return false;
    }
    ::madvise(memory, wanted, MADV_HUGEPAGE);
    m_data = static_cast<char*>(memory);
    m_reserved = wanted;
    return true;
}

Result<TraceText> TraceText::map(int fd, std::size_t size, std::string_view name) {
    // A page of zeros behind the file, so that reading the padding never leaves the mapping.
    TraceText text;
    if (!text.grow(size + kPage)) {
        return std::unexpected(noMemory(name));
    }
    if (::mmap(text.m_data, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) {
        return fail(fmt::format("{} can't be read ({}).", name, std::strerror(errno)));
    }
    text.m_size = size;
    return text;
}

Result<TraceText> TraceText::readAll(int fd, std::string_view name, const std::stop_token& stop) {
    TraceText text;
    while (true) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelled(name));
        }
        if (text.m_size + kStepBytes + kScanPadding > text.m_reserved &&
            !text.grow(std::max(text.m_reserved * 2, 2 * kStepBytes))) {
            return std::unexpected(noMemory(name));
        }
        const ssize_t count = ::read(fd, text.m_data + text.m_size, kStepBytes);
        if (count == 0) {
            text.m_isUnpacked = true;
            return text;
        }
        if (count < 0 && errno != EINTR) {
            return fail(fmt::format("{} can't be read ({}).", name, std::strerror(errno)));
        }
        text.m_size += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
}

Result<TraceText> TraceText::unpack(std::string_view packed, std::string_view name,
                                    const std::stop_token& stop, const TextProgress& progress) {
    TraceText text;
    text.m_isUnpacked = true;
    text.m_wasPacked = true;
    Inflater inflater;
    if (!inflater.isOpen() || !text.grow(packed.size() * 4 + kPage)) {
        return std::unexpected(noMemory(name));
    }
    z_stream& stream = inflater.stream();
    std::size_t taken = 0;
    while (true) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelled(name));
        }
        if (progress) {
            progress(taken, packed.size());
        }
        if (text.m_size + 2 * kScanPadding > text.m_reserved) {
            if (text.m_size > mostUnpackedBytes()) {
                return fail(fmt::format("{} unpacks to more than {} GB, more than this machine can "
                                        "hold; unpack a part of it and open that.",
                                        name, text.m_size >> 30));
            }
            if (!text.grow(text.m_reserved * 2)) {
                return std::unexpected(noMemory(name));
            }
        }
        const std::size_t room =
            std::min(text.m_reserved - kScanPadding - text.m_size, 4 * kStepBytes);
        const std::size_t input = std::min(packed.size() - taken, kStepBytes);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
        stream.avail_in = static_cast<uInt>(input);
        stream.next_out = reinterpret_cast<Bytef*>(text.m_data + text.m_size);
        stream.avail_out = static_cast<uInt>(room);
        const int result = ::inflate(&stream, Z_NO_FLUSH);
        taken += input - stream.avail_in;
        text.m_size += room - stream.avail_out;
        if (result == Z_STREAM_END) {
            // Another member may follow; anything else behind it is ignored, as gzip does.
            if (!isGzip(packed.substr(taken)) || ::inflateReset(&stream) != Z_OK) {
                return text;
            }
        } else if (result != Z_OK && (result != Z_BUF_ERROR || stream.avail_out != 0)) {
            text.m_isDamaged = true; // cut or corrupt: what came out so far is true
            return text;
        }
    }
}

Result<TraceText> TraceText::open(const std::filesystem::path& file, const std::stop_token& stop,
                                  const TextProgress& progress) {
    const std::string name = file.string();
    const Descriptor descriptor(file.c_str());
    struct stat status {};
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) {
        return fail(fmt::format("{} can't be opened ({}).", name, std::strerror(errno)));
    }
    if (S_ISDIR(status.st_mode)) {
        return fail(fmt::format("{} is a folder, not a trace.", name));
    }
    Result<TraceText> text =
        S_ISREG(status.st_mode) && status.st_size > 0
            ? map(descriptor.get(), static_cast<std::size_t>(status.st_size), name)
            : readAll(descriptor.get(), name, stop);
    if (!text || !isGzip(text->text())) {
        return text;
    }
    return unpack(text->text(), name, stop, progress);
}

Result<TraceText> TraceText::fromBytes(std::string_view bytes, std::string_view name) {
    if (isGzip(bytes)) {
        return unpack(bytes, name, {}, {});
    }
    TraceText text;
    text.m_isUnpacked = true;
    if (!text.grow(bytes.size())) {
        return std::unexpected(noMemory(name));
    }
    std::ranges::copy(bytes, text.m_data);
    text.m_size = bytes.size();
    return text;
}

} // namespace interleave::chrome_trace
