// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/broker/child_process.h"

#include "engine/base/check.h"

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::broker {

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
    int in[2];
    int out[2];
    CHECK(::pipe2(in, O_CLOEXEC) == 0 && ::pipe2(out, O_CLOEXEC) == 0);
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    m_pid = ::fork();
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    m_toChild = ::fdopen(in[1], "w");
    m_fromChild = ::fdopen(out[0], "r");
}

ChildProcess::~ChildProcess() {
    std::fclose(m_toChild);
    std::fclose(m_fromChild);
    ::waitpid(m_pid, nullptr, 0);
}

void ChildProcess::say(const std::string& line) {
    std::fprintf(m_toChild, "%s\n", line.c_str());
    std::fflush(m_toChild);
}

std::string ChildProcess::hear() {
    std::string line;
    for (int c = 0; (c = std::fgetc(m_fromChild)) != EOF && c != '\n';) {
        line.push_back(static_cast<char>(c));
    }
    return line;
}

} // namespace interleave::broker
