// SPDX-License-Identifier: GPL-3.0-or-later
// LaunchedProgram: a child process that waits until it may become the program, then is it. It gets
// our terminal, standard streams, folder and process group; of our signals only what somebody
// sends to us by hand is passed on: a terminal sends its own to the program anyway.
#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace interleave::program {

struct Launch {
    std::filesystem::path file;
    std::vector<std::string> words; // argv
    /// Set in the program's environment in place of what is there.
    std::vector<std::pair<std::string, std::string>> variables;
};

class LaunchedProgram {
public:
    /// Forks. Call it before there are other threads: the child sees only this one. From now on
    /// this process takes SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 for the program,
    /// and so do the threads that it starts.
    static Result<LaunchedProgram> prepare(const Launch& launch);
    LaunchedProgram(LaunchedProgram&& other) noexcept;
    LaunchedProgram& operator=(LaunchedProgram&&) = delete;
    /// A program that was never started ends; a started one goes on.
    ~LaunchedProgram();

    pid_t pid() const { return m_pid; }
    /// Lets the child become the program; an error says why it could not.
    Result<void> start();
    /// Waits for its end, that long at most, passing signals on. The wait status once it has ended.
    std::optional<int> wait(std::chrono::milliseconds longest);

private:
    LaunchedProgram(pid_t pid, int go, int error, int signalFd)
        : m_pid(pid)
        , m_go(go)
        , m_error(error)
        , m_signals(signalFd) {}
    std::optional<int> endedStatus();
    void passSignalOn();

    pid_t m_pid = -1;
    int m_go = -1;      // closing it without a word ends the child
    int m_error = -1;   // errno of execve, or end of file
    int m_signals = -1; // signalfd
    std::optional<int> m_status;
};

/// Ends this process as the program ended: with its exit code, or by the same signal, so that
/// whoever started us sees what they would have seen without us. Returns the exit code if the
/// program was ended by no signal, and 128 + n where a signal that ends nobody is said to have.
int exitAs(int waitStatus);

} // namespace interleave::program
