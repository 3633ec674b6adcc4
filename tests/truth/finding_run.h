// SPDX-License-Identifier: GPL-3.0-or-later
// A real run, and what `findings` must say of it and must not.
#pragma once

#include "tests/truth/program_run.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace interleave::truth {

using Words = std::vector<std::string>;

/// A recording's place, for as long as this lives.
class RunFile {
public:
    RunFile();
    ~RunFile();
    RunFile(const RunFile&) = delete;
    RunFile& operator=(const RunFile&) = delete;
    std::string path() const { return m_path.string(); }

private:
    std::filesystem::path m_path;
};

struct FindingsCase {
    std::string name;
    std::string
        scenario;      // shipped; "own/NAME": of these tests; "NAME.py": a program of these tests
    std::string model; // of a program: nothing
    Words arguments;   // of `run`, or of the program
    Words must;
    Words mustNot;
};

/// The file of a scenario, as FindingsCase names it.
std::string scenarioFile(const std::string& name);
std::string kindsText(const nlohmann::json& findings);
bool says(const nlohmann::json& findings, const std::string& kind);
/// Runs or records, asks for the findings. Empty, or what is wrong.
std::string complaintOf(const FindingsCase& expected);

inline const Words kOfLoops{"loop-blocked", "loop-never-yields", "sequential-awaits"};
inline const Words kOfGil{"gil-serialised", "gil-convoy", "gil-long-hold", "cpu-bound-in-threads"};
inline const Words kOfBrokers{"ran-twice", "lost-early-ack", "prefetch-starvation", "slow-broker"};
Words without(std::initializer_list<Words> lists, const Words& more = {});

} // namespace interleave::truth
