// SPDX-License-Identifier: GPL-3.0-or-later
// AtomicFile: writes to a temporary name beside the target, then syncs and renames. Until commit()
// the target is untouched; without commit() nothing is left behind.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace interleave::storage {

class AtomicFile {
public:
    static Result<AtomicFile> create(const std::filesystem::path& target);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    Result<void> write(std::span<const std::byte> data);
    Result<void> write(std::string_view text);
    /// Replaces bytes that were written before, at an offset; what comes next still goes to the
    /// end.
    Result<void> overwrite(std::uint64_t offset, std::span<const std::byte> data);
    Result<void> commit();
    /// Where the data lies until commit(), for writers that want a name.
    const std::filesystem::path& temporaryPath() const { return m_temporary; }

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int fd);
    Error failure(std::string_view doing, int errorNumber) const;

    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_fd = -1;
};

/// The whole text in one go.
Result<void> writeFileAtomically(const std::filesystem::path& target, std::string_view text);

/// The whole of a regular file; a missing file, a directory, no permission: one sentence each.
Result<std::string> readFile(const std::filesystem::path& file);

} // namespace interleave::storage
