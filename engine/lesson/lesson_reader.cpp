// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_reader.h"

#include "engine/lesson/lesson_names.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::lesson {

using scenario::TableReader;
using scenario::Value;

namespace {

constexpr std::int64_t kMostWorkersOfRun = 1024;

/// --set: a table of texts, numbers and truths, as the command line would have them.
void readSettings(TableReader& table, LessonRun& run, const LessonReading& reading) {
    const Value* settings = table.find("set");
    if (settings == nullptr) {
        return;
    }
    if (settings->kind != Value::Kind::Table) {
        reading.problems.report(settings->position,
                                fmt::format("set is {}, write it set = {{ prefetch = 1 }}",
                                            scenario::describe(settings->kind)));
        return;
    }
    for (const scenario::Member& member : settings->members) {
        switch (member.value.kind) {
        case Value::Kind::Text:
            run.settings.emplace_back(member.key, member.value.text);
            break;
        case Value::Kind::Integer:
            run.settings.emplace_back(member.key, fmt::format("{}", member.value.integer));
            break;
        case Value::Kind::Boolean:
            run.settings.emplace_back(member.key, member.value.boolean ? "true" : "false");
            break;
        default:
            reading.problems.report(member.value.position,
                                    fmt::format("{} is {}, a text, a whole number, true or false "
                                                "is wanted",
                                                scenario::inQuotes(member.key),
                                                scenario::describe(member.value.kind)));
        }
    }
}

void readFaults(TableReader& table, LessonRun& run, const LessonReading& reading) {
    const auto* faults = table.list("faults", "write it faults = [\"kill-worker@150ms\"]");
    if (faults == nullptr) {
        return;
    }
    for (const Value& item : *faults) {
        const auto fault = scenario::parseFault(item.text);
        if (!fault) {
            reading.problems.report(item.position, fault.error().message);
        } else {
            run.faults.push_back(*fault);
        }
    }
}

} // namespace

std::string requiredText(TableReader& table, std::string_view key, const LessonReading& reading,
                         std::string_view example) {
    const bool isGiven = table.find(key) != nullptr;
    const auto text = table.text(key);
    if (!isGiven || (text && text->find_first_not_of(" \n\t") == std::string::npos)) {
        reading.problems.report(table.position(), fmt::format("{} has no {}, add {} = \"{}\"",
                                                              table.what(), key, key, example));
    }
    return text.value_or("");
}

std::optional<analysis::Expression> expressionOf(TableReader& table, std::string_view key,
                                                 analysis::Expression::Kind kind,
                                                 const LessonReading& reading) {
    const auto text = table.text(key);
    if (!text) {
        return std::nullopt;
    }
    auto expression = analysis::Expression::parse(
        *text, kind, [&](std::string_view name) { return checkName(reading.runs, name); });
    if (!expression) {
        reading.problems.report(table.find(key)->position, expression.error().message);
        return std::nullopt;
    }
    return std::move(*expression);
}

std::string runNameOf(TableReader& table, const LessonReading& reading) {
    const auto given = table.text("run");
    if (!given && reading.runs.size() == 1) {
        return reading.runs.front().name;
    }
    if (given && std::ranges::find(reading.runs, *given, &LessonRun::name) != reading.runs.end()) {
        return *given;
    }
    std::vector<std::string_view> names;
    for (const LessonRun& run : reading.runs) {
        names.push_back(run.name);
    }
    const Value* value = table.find("run");
    reading.problems.report(
        value != nullptr ? value->position : table.position(),
        fmt::format("{} {}, the runs are {}", table.what(),
                    given ? fmt::format("names the run {}", scenario::inQuotes(*given))
                          : "does not say which run it is about",
                    scenario::listed(names, "and")));
    return {};
}

LessonRun readRun(TableReader& table, std::string_view scenarioOfLesson,
                  const LessonReading& reading) {
    LessonRun run;
    run.at = table.position();
    run.name = requiredText(table, "name", reading, "threads");
    if (!run.name.empty() && !mayNameARun(run.name)) {
        reading.problems.report(table.find("name")->position,
                                fmt::format("a run can't be called {}, expressions name it: use "
                                            "letters, digits and _",
                                            scenario::inQuotes(run.name)));
    }
    run.title = table.text("title").value_or(run.name);
    run.programName = table.text("program").value_or("");
    run.scenarioName =
        table.text("scenario")
            .value_or(run.programName.empty() ? std::string(scenarioOfLesson) : std::string());
    run.model = table.text("model").value_or("");
    if (const auto workers = table.integer("workers", 1, kMostWorkersOfRun)) {
        run.workers = static_cast<int>(*workers);
    }
    readSettings(table, run, reading);
    readFaults(table, run, reading);
    const bool isOfScenario = !run.scenarioName.empty() && !run.model.empty();
    if (run.programName.empty() ? !isOfScenario : !run.scenarioName.empty() || !run.model.empty()) {
        reading.problems.report(table.position(),
                                "a run needs a scenario and a model, or else a program: add "
                                "scenario = \"ten-dishes\", model = \"threads\"");
    }
    table.refuseOthers();
    return run;
}

} // namespace interleave::lesson
