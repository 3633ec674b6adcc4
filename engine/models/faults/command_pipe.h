// SPDX-License-Identifier: GPL-3.0-or-later
// CommandPipe: the receiving end of what somebody tells a run that is going on: a named pipe
// `control` in its session folder, which takes lines. The window writes to it, and so can a shell:
// `echo kill-worker:2 > FOLDER/control`. A pipe and not a socket: its path may be as long as any.
//
// Thread: one thread's.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace interleave::models {

/// The pipe's name in a session folder.
inline constexpr const char* kControlPipe = "control";

class CommandPipe {
public:
    /// Makes the pipe, for its owner alone.
    static Result<CommandPipe> create(const std::filesystem::path& sessionFolder);
    CommandPipe(CommandPipe&& other) noexcept;
    CommandPipe& operator=(CommandPipe&& other) noexcept;
    /// Removes it.
    ~CommandPipe();

    /// Readable when lines came; -1: no pipe. Close-on-exec.
    int fd() const { return m_fd; }
    /// The whole lines that have come, without their ends. Never blocks. A line that is longer than
    /// kLongestLine is cut off there.
    std::vector<std::string> takeLines();

    static constexpr std::size_t kLongestLine = 1024;

private:
    CommandPipe(int fd, std::filesystem::path path);

    int m_fd = -1;
    std::filesystem::path m_path;
    std::string m_begun; // of a line whose end has not come
};

/// For whoever has something to say to a run: one line into its pipe. An error if no run listens.
Result<void> sendCommand(const std::filesystem::path& sessionFolder, const std::string& line);

} // namespace interleave::models
