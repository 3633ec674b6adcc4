// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/task_life.h"

#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace interleave::truth {

std::string RecordedDay::lifeOf(const std::string& track) const {
    std::string life;
    std::string last;
    for (const SpanRow& span : spans) {
        if (span.trackKind != "task" || span.track != track) {
            continue;
        }
        const std::string& state = span.worker.empty() ? span.state : "running";
        if (state != "transfer" && state != last) {
            life += (life.empty() ? "" : " ") + state;
            last = state;
        }
    }
    return life;
}

RecordedDay recordDay(const std::vector<std::string>& variables, std::vector<std::string> words) {
    const std::string file = fmt::format("{}interleave-day-{}.ilv", testing::TempDir(), ::getpid());
    std::vector<std::string> all{"record", "-q", "-o", file, "--", "env"};
    all.insert(all.end(), variables.begin(), variables.end());
    all.push_back("/usr/bin/python3");
    words[0] = fmt::format("{}/queues/{}", PROGRAMS, words[0]);
    all.insert(all.end(), words.begin(), words.end());
    RecordedDay day;
    day.result = runProgram(all);
    day.stats = nlohmann::json::parse(runProgram({"stats", file, "--json"}).out, nullptr, false);
    day.spans = spansOf(runProgram({"spans", file, "--csv"}).out);
    std::filesystem::remove(file);
    std::istringstream lines(day.result.out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::string word;
        std::string id;
        parts >> word >> id;
        day.ids[word] = id;
    }
    return day;
}

} // namespace interleave::truth
