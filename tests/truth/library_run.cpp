// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/library_run.h"

#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <unistd.h>

namespace interleave::truth {

RecordedDay runUnder(const std::string& model, const std::string& broker,
                     const std::string& scenario, const std::vector<std::string>& more) {
    const std::string base = fmt::format("{}interleave-library-{}", testing::TempDir(), ::getpid());
    std::ofstream(base + ".toml") << scenario;
    std::vector<std::string> arguments{"run",      base + ".toml", "--model", model,
                                       "--broker", broker,         "-o",      base + ".ilv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    RecordedDay day;
    day.result = runProgram(arguments);
    if (day.result.exitCode == 0) {
        day.stats = nlohmann::json::parse(runProgram({"stats", base + ".ilv", "--json"}).out);
        day.spans = spansOf(runProgram({"spans", base + ".ilv", "--csv"}).out);
    }
    std::filesystem::remove(base + ".toml");
    std::filesystem::remove(base + ".ilv");
    return day;
}

std::string shipped(const std::string& scenario) {
    std::ostringstream text;
    text << std::ifstream(fmt::format("{}/{}.toml", SCENARIOS, scenario)).rdbuf();
    return text.str();
}

std::vector<std::string> tasksOf(const RecordedDay& day) {
    std::set<std::string> names;
    for (const SpanRow& span : day.spans) {
        if (span.trackKind == "task") {
            names.insert(span.track);
        }
    }
    return {names.begin(), names.end()};
}

std::int64_t startOf(const RecordedDay& day, const std::string& task) {
    for (const SpanRow& span : day.spans) {
        if (span.trackKind == "task" && span.track == task && span.state == "running") {
            return span.beginNs;
        }
    }
    return -1;
}

std::map<std::string, std::string> queueCounts(const RecordedDay& day) {
    std::map<std::string, std::string> counts;
    for (const auto& queue : day.stats.at("queues")) {
        const auto count = [&](const char* key) { return queue.value(key, 0); };
        if (count("published") + count("delivered") > 0) {
            counts[queue.at("name")] =
                fmt::format("published {}, delivered {}, acked {}", count("published"),
                            count("delivered"), count("acked"));
        }
    }
    return counts;
}

} // namespace interleave::truth
