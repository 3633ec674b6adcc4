// SPDX-License-Identifier: GPL-3.0-or-later
// SessionFolder: a private place for one run's session and recording, in memory where the system
// has such a place, removed with everything in it when the object goes. A lock in it is held by
// the program that shows the run and by the runner that writes it, so that a later program can
// tell a folder that was left behind from one that is in use.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace interleave::ui {

class SessionFolder {
public:
    /// Owner-only, under $XDG_RUNTIME_DIR, else under the temporary folder.
    static Result<SessionFolder> create();
    /// Takes over what a program left that is dead, and the processes that wrote for it too. None
    /// if somebody still uses the folder, if it is not ours, or if it is no session's folder. Such
    /// a folder stays when the object goes, until it is told otherwise by removeAtEnd().
    static std::optional<SessionFolder> adopt(const std::filesystem::path& path);

    SessionFolder(SessionFolder&& other) noexcept;
    SessionFolder& operator=(SessionFolder&& other) noexcept;
    ~SessionFolder();

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path session() const { return m_path / "session"; }
    std::filesystem::path recordingFile() const { return m_path / "run.ilv"; }
    bool hasRecordingFile() const;
    /// For a child process to inherit: the folder counts as used until each of them has ended.
    int lockFd() const { return m_lockFd; }
    void removeAtEnd() { m_isRemovedAtEnd = true; }
    /// Frees the room of the events, where a recording has been made of them; the names stay.
    void removeEvents();

private:
    SessionFolder(std::filesystem::path path, int lockFd, bool isRemovedAtEnd)
        : m_path(std::move(path))
        , m_lockFd(lockFd)
        , m_isRemovedAtEnd(isRemovedAtEnd) {}
    void leave();

    std::filesystem::path m_path;
    int m_lockFd = -1;
    bool m_isRemovedAtEnd = true;
};

/// Where the window's runs and those of the command line keep their sessions, without repetition.
std::vector<std::filesystem::path> sessionPlaces();

} // namespace interleave::ui
