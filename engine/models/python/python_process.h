// SPDX-License-Identifier: GPL-3.0-or-later
// PythonProcess: a program in a process group of its own, and all that it starts. The group gets no
// signal from the terminal; it ends with this program, however that ends: the kernel tells the
// group when the last end of a pipe is closed that only we hold.
//
// Thread: the one that started it.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace interleave::models {

struct PythonStart {
    std::filesystem::path program;
    std::vector<std::string> arguments; // after the program's name
    /// Set in the environment in place of what is there.
    std::vector<std::pair<std::string, std::string>> variables;
    std::filesystem::path output; // what it prints
};

class PythonProcess {
public:
    static Result<PythonProcess> start(const PythonStart& start);
    PythonProcess(PythonProcess&& other) noexcept;
    PythonProcess& operator=(PythonProcess&&) = delete;
    ~PythonProcess(); // kills what is left

    /// Waits for its end, until `stopFd` is readable, or that long. True: it has ended.
    bool wait(Nanoseconds longest, int stopFd);
    /// Of waitpid(), once it has ended.
    std::optional<int> status() const { return m_status; }
    /// No thread of the group runs, or waits for nothing but a core.
    bool isAsleep() const;
    /// Ends the whole group: at once, or after a grace for what is about to end by itself. Nobody
    /// of it is left afterwards.
    void end(Nanoseconds grace);

private:
    PythonProcess(pid_t pid, int pidFd, int life, int wasReaper);
    bool reapAll();

    pid_t m_pid = -1;
    int m_pidFd = -1;
    int m_life = -1; // our end of the pipe
    int m_wasReaper = 0;
    std::optional<int> m_status;
};

} // namespace interleave::models
