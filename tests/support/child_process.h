// SPDX-License-Identifier: GPL-3.0-or-later
// A process of a test that doesn't outlive it, whatever ends it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace interleave::support {

class ChildProcess {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;
    /// Its output goes to the file.
    ChildProcess(const std::vector<std::string>& words, const Variables& variables,
                 const std::string& output);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ChildProcess(ChildProcess&& other) noexcept;
    ~ChildProcess(); // kills it

    void signal(int number) const;
    /// Its exit code, 128 + n if a signal ended it.
    int wait();

private:
    pid_t m_pid = -1;
};

/// The output of a command that ends by itself; empty if it fails.
std::string outputOf(const std::string& command);

} // namespace interleave::support
