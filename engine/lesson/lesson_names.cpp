// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_names.h"

#include "engine/analysis/named_value.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace interleave::lesson {

namespace {

constexpr std::array<std::string_view, 5> kWordsOfExpressions = {"and", "or", "not", "locks",
                                                                 "queues"};

std::string namesOf(std::span<const LessonRun> runs) {
    std::vector<std::string_view> names;
    for (const LessonRun& run : runs) {
        names.push_back(run.name);
    }
    return scenario::listed(names, "and");
}

} // namespace

Result<RunValueName> splitName(std::span<const LessonRun> runs, std::string_view name) {
    const std::size_t dot = name.find('.');
    const auto run = std::ranges::find(runs, name.substr(0, dot), &LessonRun::name);
    if (dot != std::string_view::npos && run != runs.end()) {
        return RunValueName{static_cast<std::size_t>(run - runs.begin()), name.substr(dot + 1)};
    }
    if (runs.size() == 1) {
        return RunValueName{0, name};
    }
    return fail(fmt::format("a name with its run was expected, RUN.NAME as in {}.makespan_s; the "
                            "runs are {}",
                            runs.empty() ? "threads" : runs.front().name, namesOf(runs)));
}

Result<void> checkName(std::span<const LessonRun> runs, std::string_view name) {
    const auto split = splitName(runs, name);
    if (!split) {
        return std::unexpected(split.error());
    }
    if (split->value == kExitCode) {
        return runs.empty() || !runs[split->run].programName.empty()
                   ? Result<void>()
                   : fail("only the run of a program has an exit code");
    }
    return analysis::checkTotalName(split->value);
}

bool mayNameARun(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
           std::ranges::all_of(name, fits) &&
           std::ranges::find(kWordsOfExpressions, name) == kWordsOfExpressions.end();
}

} // namespace interleave::lesson
