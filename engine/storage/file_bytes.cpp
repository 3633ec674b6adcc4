// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/file_bytes.h"

#include "engine/storage/atomic_file.h"

#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::storage {

namespace {

/// Maps a regular file of the size or more; nothing if it isn't one, or can't be mapped.
FileBytes mapFile(const std::filesystem::path& file, std::size_t leastMapped) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return {};
    }
    struct stat status {};
    FileBytes mapped;
    if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        static_cast<std::size_t>(status.st_size) >= leastMapped) {
        const auto size = static_cast<std::size_t>(status.st_size);
        void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (memory != MAP_FAILED) {
            mapped.owner = std::shared_ptr<const void>(
                memory, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
            mapped.bytes = {static_cast<const std::byte*>(memory), size};
        }
    }
    ::close(fd);
    return mapped;
}

} // namespace

ByteBuffer::ByteBuffer(std::size_t size)
    : memory(std::make_shared_for_overwrite<std::uint64_t[]>(size / 8 + 1))
    , bytes(std::as_writable_bytes(std::span(memory.get(), size / 8 + 1)).first(size)) {}

FileBytes copyBytes(std::span<const std::byte> bytes) {
    ByteBuffer buffer(bytes.size());
    if (!bytes.empty()) {
        std::memcpy(buffer.bytes.data(), bytes.data(), bytes.size());
    }
    return {buffer.memory, buffer.bytes};
}

Result<FileBytes> openFileBytes(const std::filesystem::path& file, std::size_t leastMapped) {
    if (FileBytes mapped = mapFile(file, leastMapped); mapped.owner) {
        return mapped;
    }
    Result<std::string> text = readFile(file);
    if (!text) {
        return std::unexpected(text.error());
    }
    // The text's memory comes from operator new, which aligns to 16; kept, not copied. A short text
    // would lie within the string itself, which is why the string is moved first.
    auto kept = std::make_shared<const std::string>(std::move(*text));
    const auto bytes = std::as_bytes(std::span(*kept));
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) != 0) {
        return copyBytes(bytes);
    }
    return FileBytes{kept, bytes};
}

} // namespace interleave::storage
