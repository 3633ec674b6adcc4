// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/python/agent_tracks/interpreters.h"

#include <ostream>
#include <sstream>

namespace interleave::agent {

void PrintTo(const Interpreter& interpreter, std::ostream* out) {
    *out << interpreter.name;
}

std::string interpreterName(const testing::TestParamInfo<Interpreter>& tested) {
    std::string name = tested.param.name;
    std::erase(name, '.');
    return name;
}

std::vector<Interpreter> interpreters() {
    std::vector<Interpreter> all = {{"system", systemPython()}};
    for (const char* version : {"3.8", "3.9", "3.10", "3.11", "3.12", "3.13"}) {
        all.push_back({version, pyenvPython(version)});
    }
    return all;
}

void EachInterpreter::SetUp() {
    if (GetParam().path.empty()) {
        GTEST_SKIP() << "this machine has no Python " << GetParam().name;
    }
    ProgramRequest request;
    request.command = {GetParam().path, "-c", "import sys; print(sys.version_info[1])"};
    request.isRecorded = false;
    m_minor = std::stoi(runRecorded(request).output);
}

RecordedProgram EachInterpreter::run(const std::string& program,
                                     std::vector<std::string> arguments) const {
    ProgramRequest request;
    request.command = {GetParam().path, std::string(TRACK_PROGRAMS) + "/" + program};
    request.command.insert(request.command.end(), arguments.begin(), arguments.end());
    return run(request);
}

RecordedProgram EachInterpreter::run(ProgramRequest request) const {
    RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_TRUE(program.problems.empty()) << program.problems.front();
    for (const RecordedProcess& process : program.processes) {
        EXPECT_EQ(process.droppedEvents, 0u);
        EXPECT_FALSE(process.hasText(EventKind::Noted, "python-tracks"))
            << process.texts(EventKind::Noted).back();
    }
    return program;
}

std::multimap<std::string, std::vector<std::string>> linesOf(const std::string& output) {
    std::multimap<std::string, std::vector<std::string>> all;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::string word;
        parts >> word;
        std::vector<std::string> rest;
        for (std::string part; parts >> part;) {
            rest.push_back(part);
        }
        all.emplace(word, rest);
    }
    return all;
}

} // namespace interleave::agent
