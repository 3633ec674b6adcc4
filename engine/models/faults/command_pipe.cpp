// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/faults/command_pipe.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace interleave::models {

namespace {

constexpr std::size_t kBytesATurn = 4096; // and the rest at the next look

} // namespace

Result<CommandPipe> CommandPipe::create(const std::filesystem::path& sessionFolder) {
    const std::filesystem::path path = sessionFolder / kControlPipe;
    // Opened for both: so there is always a writer, and the end of one says nothing.
    if (mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == 0) {
        if (const int fd = open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); fd >= 0) {
            return CommandPipe(fd, path);
        }
    }
    return fail(fmt::format("The pipe {} through which the run takes commands can't be made: {}. "
                            "Use a session folder in a file system that has named pipes.",
                            path.string(), std::strerror(errno)),
                ErrorKind::MissingPart);
}

CommandPipe::CommandPipe(int fd, std::filesystem::path path)
    : m_fd(fd)
    , m_path(std::move(path)) {}

CommandPipe::CommandPipe(CommandPipe&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_path(std::move(other.m_path))
    , m_begun(std::move(other.m_begun)) {}

CommandPipe& CommandPipe::operator=(CommandPipe&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    std::swap(m_path, other.m_path);
    std::swap(m_begun, other.m_begun);
    return *this;
}

CommandPipe::~CommandPipe() {
    if (m_fd >= 0) {
        close(m_fd);
        unlink(m_path.c_str());
    }
}

std::vector<std::string> CommandPipe::takeLines() {
    std::vector<std::string> lines;
    char bytes[kBytesATurn];
    const ssize_t got = m_fd >= 0 ? read(m_fd, bytes, sizeof bytes) : 0;
    for (ssize_t i = 0; i < got; ++i) {
        if (bytes[i] == '\n') {
            lines.push_back(std::exchange(m_begun, {}));
        } else if (m_begun.size() < kLongestLine) {
            m_begun.push_back(bytes[i]);
        }
    }
    return lines;
}

Result<void> sendCommand(const std::filesystem::path& sessionFolder, const std::string& line) {
    const std::filesystem::path path = sessionFolder / kControlPipe;
    const int fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return fail(fmt::format("No run listens at {}: {}. It has ended, or its model takes no "
                                "commands.",
                                path.string(), std::strerror(errno)));
    }
    const std::string whole = line + '\n'; // shorter than PIPE_BUF, so it is never mixed up
    const ssize_t written = write(fd, whole.data(), whole.size());
    close(fd);
    if (written != static_cast<ssize_t>(whole.size())) {
        return fail(fmt::format("The run at {} does not take commands at the moment; try again.",
                                sessionFolder.string()));
    }
    return {};
}

} // namespace interleave::models
