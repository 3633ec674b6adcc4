// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of scenarios that tests write, with a broker, read from what the program prints.
#pragma once

#include "tests/truth/task_life.h"

#include <map>
#include <string>
#include <vector>

namespace interleave::truth {

/// Executes a scenario, given as its text, under a model. Statistics and spans are read if it went
/// well.
RecordedDay runUnder(const std::string& model, const std::string& broker,
                     const std::string& scenario, const std::vector<std::string>& more = {});

/// A shipped scenario's text.
std::string shipped(const std::string& scenario);

/// The names of all tasks.
std::vector<std::string> tasksOf(const RecordedDay& day);

/// When the task began to be executed, in ns; -1: never.
std::int64_t startOf(const RecordedDay& day, const std::string& task);

/// Of each queue through which messages went: "published 3, delivered 3, acked 3".
std::map<std::string, std::string> queueCounts(const RecordedDay& day);

} // namespace interleave::truth
