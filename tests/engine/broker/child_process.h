// SPDX-License-Identifier: GPL-3.0-or-later
// A program that is talked to in lines, and ends with its test, however that ends.
#pragma once

#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace interleave::broker {

class ChildProcess {
public:
    explicit ChildProcess(const std::vector<std::string>& command);
    /// Closes its input and waits for its end.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return m_pid; }
    void say(const std::string& line);
    /// The next line that it says; empty: it has ended.
    std::string hear();

private:
    pid_t m_pid = -1;
    FILE* m_toChild = nullptr;
    FILE* m_fromChild = nullptr;
};

} // namespace interleave::broker
