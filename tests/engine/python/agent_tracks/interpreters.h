// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program of this folder on each interpreter of this machine, with the agent or without.
#pragma once

#include "tests/engine/python/agent_tracks/task_history.h"

#include <map>
#include <string>
#include <vector>

namespace interleave::agent {

struct Interpreter {
    std::string name; // "system", "3.12"
    std::string path; // empty: not on this machine
};
void PrintTo(const Interpreter& interpreter, std::ostream* out);

/// For the names of tests: "312".
std::string interpreterName(const testing::TestParamInfo<Interpreter>& tested);
/// The system's and pyenv's from 3.8 on.
std::vector<Interpreter> interpreters();

/// Tests with an interpreter that is not here are skipped.
class EachInterpreter : public testing::TestWithParam<Interpreter> {
protected:
    void SetUp() override;

    /// (3, 12) of "Python 3.12.1"
    int minor() const { return m_minor; }
    RecordedProgram run(const std::string& program, std::vector<std::string> arguments = {}) const;
    RecordedProgram run(ProgramRequest request) const;

private:
    int m_minor = 0;
};

/// Lines of a program's output "word 1 2": the rest by the first word.
std::multimap<std::string, std::vector<std::string>> linesOf(const std::string& output);

} // namespace interleave::agent
