// SPDX-License-Identifier: GPL-3.0-or-later
// SessionFolder: where a run's segments lie while it runs. A temporary one lives in memory
// (XDG_RUNTIME_DIR or /dev/shm) if there is room, else in the temporary folder, and is removed
// with its owner; a given one stays.
#pragma once

#include "engine/base/result.h"

#include <filesystem>

namespace interleave::run {

class SessionFolder {
public:
    /// Uses `given` (which must not exist yet or be empty) or makes a temporary folder.
    static Result<SessionFolder> make(const std::filesystem::path& given);
    SessionFolder(SessionFolder&& other) noexcept;
    SessionFolder& operator=(SessionFolder&&) = delete;
    ~SessionFolder();

    const std::filesystem::path& path() const { return m_path; }

private:
    SessionFolder(std::filesystem::path path, std::filesystem::path temporaryParent);
    std::filesystem::path m_path;
    std::filesystem::path m_temporaryParent; // empty: the folder was given and stays
};

} // namespace interleave::run
