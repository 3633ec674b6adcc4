// SPDX-License-Identifier: GPL-3.0-or-later
// SessionFolder: a private place for one run's session and recording, in memory where the system
// has such a place, removed with everything in it when the object goes.
#pragma once

#include "engine/base/result.h"

#include <filesystem>

namespace interleave::ui {

class SessionFolder {
public:
    /// Owner-only, under $XDG_RUNTIME_DIR, else under the temporary folder.
    static Result<SessionFolder> create();

    SessionFolder(SessionFolder&& other) noexcept;
    SessionFolder& operator=(SessionFolder&& other) noexcept;
    ~SessionFolder();

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path session() const { return m_path / "session"; }
    std::filesystem::path recordingFile() const { return m_path / "run.ilv"; }

private:
    explicit SessionFolder(std::filesystem::path path)
        : m_path(std::move(path)) {}
    void remove();
    std::filesystem::path m_path;
};

} // namespace interleave::ui
