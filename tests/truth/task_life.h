// SPDX-License-Identifier: GPL-3.0-or-later
// Records a program of programs/queues and reads the lives of its tasks.
#pragma once

#include "tests/truth/program_run.h"

#include <fmt/format.h>
#include <map>

namespace interleave::truth {

struct RecordedDay {
    ProgramResult result;
    nlohmann::json stats;
    std::vector<SpanRow> spans;
    std::map<std::string, std::string> ids; // by word: the program prints "word id ..."

    /// The states of a task in their order, "queued reserved running". What it does on a thread is
    /// one: "running"; `transfer` is left out, and the end comes last.
    std::string lifeOf(const std::string& track) const;
    std::string life(const std::string& word, const std::string& task) const {
        const auto id = ids.find(word);
        return id == ids.end() ? "the program says nothing of it" : lifeOf(task + " " + id->second);
    }
};

/// `variables`: NAME=VALUE, for the program. `words`: the program in that folder and its arguments.
RecordedDay recordDay(const std::vector<std::string>& variables, std::vector<std::string> words);

} // namespace interleave::truth
