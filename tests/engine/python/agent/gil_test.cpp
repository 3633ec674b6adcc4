// SPDX-License-Identifier: GPL-3.0-or-later
// The GIL's track on every interpreter of this machine, against what a program says of itself.
// Python gives CPU time by time.thread_time(); the kernel's run delay is what a busy machine adds
// to it.
#include "tests/engine/python/agent/gil_history.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <ostream>
#include <sstream>

namespace interleave::agent {

namespace {

struct Interpreter {
    std::string name;
    std::string path; // empty: not on this machine
};

void PrintTo(const Interpreter& interpreter, std::ostream* out) {
    *out << interpreter.name;
}

std::vector<Interpreter> interpreters() {
    std::vector<Interpreter> all = {{"system", systemPython()}};
    for (const char* version : {"3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"}) {
        all.push_back({version, pyenvPython(version)});
    }
    return all;
}

/// "word 1 2 3" lines of the program, by their word.
class Facts {
public:
    explicit Facts(const std::string& output) {
        std::istringstream lines(output);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream parts(line);
            std::string word;
            parts >> word;
            std::vector<std::string>& fields = m_facts.emplace(word, 0)->second;
            for (std::string part; parts >> part;) {
                fields.push_back(part);
            }
        }
    }
    std::vector<std::vector<std::string>> all(const std::string& word) const {
        std::vector<std::vector<std::string>> found;
        const auto [first, last] = m_facts.equal_range(word);
        for (auto it = first; it != last; ++it) {
            found.push_back(it->second);
        }
        return found;
    }
    /// The numbers of the only line with that word.
    std::vector<std::int64_t> one(const std::string& word) const {
        std::vector<std::int64_t> numbers;
        const auto lines = all(word);
        if (lines.size() != 1) {
            ADD_FAILURE() << lines.size() << " lines \"" << word << "\"";
            return std::vector<std::int64_t>(16);
        }
        for (const std::string& field : lines[0]) {
            numbers.push_back(std::stoll(field));
        }
        return numbers;
    }

private:
    std::multimap<std::string, std::vector<std::string>> m_facts;
};

std::uint32_t tid(std::int64_t number) {
    return static_cast<std::uint32_t>(number);
}

ProgramRequest scenario(const Interpreter& interpreter) {
    ProgramRequest request;
    request.command = {interpreter.path, PROGRAMS "/gil_scenario.py"};
    request.environment["INTERLEAVE_RECORD"] = "gil";
    return request;
}

} // namespace

class GilOf : public testing::TestWithParam<Interpreter> {
protected:
    void SetUp() override {
        if (GetParam().path.empty()) {
            GTEST_SKIP() << "no Python " << GetParam().name << " on this machine";
        }
    }
};

namespace {

/// What a busy machine can spoil: other programs take the core between two lines of the scenario.
/// Such a claim is tried up to three times.
class Timing {
public:
    template <class... Parts>
    void expect(bool holds, const Parts&... parts) {
        if (!holds) {
            std::ostringstream text;
            (text << ... << parts);
            m_complaints += text.str() + "\n";
        }
    }
    const std::string& complaints() const { return m_complaints; }

private:
    std::string m_complaints;
};

/// What other programs may add to a wait, on average.
std::int64_t busyNs() {
    double load = 0;
    getloadavg(&load, 1);
    return static_cast<std::int64_t>(load * 4e6);
}

/// A thread that computes holds the GIL exactly while it has a core, or waits for one.
void checkComputing(const GilHistory& gil, const std::vector<std::int64_t>& fact, Timing& timing) {
    const std::int64_t cpu = fact[3];
    const std::int64_t runDelay = fact[4];
    const std::int64_t held = gil.heldBy(tid(fact[0]), fact[1], fact[2]);
    const std::int64_t allowed = std::max<std::int64_t>(cpu / 100, 2'000'000);
    timing.expect(std::abs(held - cpu - runDelay) <= allowed, "thread ", fact[0], " held it for ",
                  held, " ns, computed for ", cpu, " and waited for a core for ", runDelay);
}

/// It holds nothing while it is blocked: one gap from just after its begin to just before its end.
void checkBlocked(const GilHistory& gil, const std::vector<std::string>& fields, Timing& timing) {
    const std::uint32_t thread = tid(std::stoll(fields[0]));
    const std::int64_t begin = std::stoll(fields[1]);
    const std::int64_t end = std::stoll(fields[2]);
    EXPECT_GT(end - begin, 40'000'000) << fields[3];
    std::int64_t gapBegin = begin, longest = 0, sleep = begin;
    for (const Hold& hold : gil.holds) {
        if (hold.tid != thread || hold.end < begin || hold.begin > end) {
            continue;
        }
        if (hold.begin - gapBegin > longest) {
            longest = hold.begin - gapBegin;
            sleep = gapBegin;
        }
        gapBegin = hold.end;
    }
    EXPECT_EQ(gil.heldBy(thread, sleep, sleep + longest), 0) << fields[3];
    timing.expect(longest >= (end - begin) - 20'000'000 - 2 * busyNs(), fields[3],
                  ": away from the GIL for ", longest, " ns of ", end - begin);
}

/// Two threads that compute take turns of the switch interval, each forced.
void checkPair(const GilHistory& gil, const std::vector<std::string>& fields, Timing& timing) {
    const std::int64_t interval = std::stoll(fields[0]) * 1000;
    std::vector<std::int64_t> turns;
    std::int64_t forced = 0;
    for (const std::size_t thread : {3u, 4u}) {
        for (const Hold& hold : gil.of(tid(std::stoll(fields[thread])), std::stoll(fields[1]),
                                       std::stoll(fields[2]))) {
            if (hold.end - hold.begin > interval / 2) {
                turns.push_back(hold.end - hold.begin);
                forced += hold.isForcedOut && hold.how == record::Acquisition::Forced;
            }
        }
    }
    timing.expect(turns.size() > 8, turns.size(), " turns of ", interval);
    if (!turns.empty()) {
        EXPECT_GE(median(turns), interval * 95 / 100);
        timing.expect(median(turns) <= interval * 11 / 10 + 500'000 + busyNs(), "interval ",
                      interval, ", median turn ", median(turns));
        // All but the first and the last of each thread, and those beside the main thread.
        timing.expect(forced >= std::ssize(turns) - 6, forced, " of ", turns.size(), " turns of ",
                      interval, " were forced");
    }
}

/// A long C call is one hold, with somebody knocking once an interval.
void checkLongCall(const GilHistory& gil, const std::vector<std::int64_t>& call, Timing& timing) {
    const Hold* longest = nullptr;
    for (const Hold& hold :
         gil.of(tid(call[0]), call[1] - 1'000'000'000, call[2] + 1'000'000'000)) {
        if (longest == nullptr || hold.end - hold.begin > longest->end - longest->begin) {
            longest = &*std::ranges::find(gil.holds, hold.beginStamp, &Hold::beginStamp);
        }
    }
    ASSERT_NE(longest, nullptr);
    const std::int64_t length = longest->end - longest->begin;
    EXPECT_TRUE(longest->isForcedOut);
    const auto knocks = std::ranges::count_if(gil.dropRequests, [&](const GilMoment& moment) {
        return moment.at >= longest->begin && moment.at <= longest->end;
    });
    EXPECT_LE(knocks, length / 5'000'000 + 1);
    timing.expect(length >= (call[2] - call[1]) * 8 / 10, "one hold of ", length, " in a call of ",
                  call[2] - call[1]);
    timing.expect(knocks >= length / (5'500'000 + busyNs()), knocks, " requests in ", length);
}

/// A forked child has its own GIL, and nothing of its parent's other threads.
void checkChild(const RecordedProgram& program, const Facts& facts, Timing& timing) {
    const auto forked = facts.one("forked");
    const auto child = facts.one("child");
    EXPECT_EQ(forked[1], 7) << "its exit code";
    const RecordedProcess* process = program.process(tid(forked[0]));
    ASSERT_NE(process, nullptr);
    ASSERT_EQ(process->streams.size(), 1u);
    EXPECT_TRUE(process->hasText(EventKind::ProcessNamed, "|" + std::to_string(forked[3])))
        << "the thread that forked";
    EXPECT_EQ(process->streams[0].ofKind(EventKind::ProcessNamed)[0].a, tid(forked[2]));
    const GilHistory gil = gilHistory(program, *process);
    EXPECT_EQ(gil.overlaps(), 0u);
    EXPECT_TRUE(gil.faults.empty());
    checkComputing(gil, child, timing);
}

std::string tryScenario(const Interpreter& interpreter) {
    Timing timing;
    const RecordedProgram program = runRecorded(scenario(interpreter));
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    const Facts facts(program.output);
    const RecordedProcess* process = program.process(tid(facts.one("end")[0]));
    if (process == nullptr) {
        ADD_FAILURE() << "the process was not recorded";
        return {};
    }
    EXPECT_EQ(process->droppedEvents, 0u);
    EXPECT_EQ(process->count(EventKind::LockFailed), 0u);
    const GilHistory gil = gilHistory(program, *process);
    EXPECT_GT(gil.holds.size(), 500u);
    EXPECT_EQ(gil.overlaps(), 0u) << "two holders";
    EXPECT_TRUE(gil.faults.empty()) << gil.faults[0];

    const auto cpu = facts.one("cpu");
    checkComputing(gil, cpu, timing);
    const auto blocked = facts.all("blocked");
    EXPECT_EQ(blocked.size(), 6u);
    for (const auto& fields : blocked) {
        checkBlocked(gil, fields, timing);
    }
    const auto pairs = facts.all("pair");
    EXPECT_EQ(pairs.size(), 3u);
    for (const auto& fields : pairs) {
        checkPair(gil, fields, timing);
    }
    EXPECT_EQ(process->texts(EventKind::Marked),
              (std::vector<std::string>{"switch interval 0.5 ms", "switch interval 20 ms",
                                        "switch interval 5 ms"}));
    checkLongCall(gil, facts.one("long"), timing);
    checkChild(program, facts, timing);

    EXPECT_TRUE(process->hasText(EventKind::Noted, "gil|GIL of Python 3."));
    EXPECT_EQ(process->hasText(EventKind::Noted, "as the interpreter's own description says"),
              interpreter.name == "3.13");
    return timing.complaints();
}

} // namespace

TEST_P(GilOf, FollowsAProgramThatUsesItInKnownWays) {
    std::string complaints;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        complaints = tryScenario(GetParam());
        if (complaints.empty() || HasFailure()) {
            break;
        }
        std::cout << "try " << attempt << ":\n" << complaints;
    }
    EXPECT_TRUE(complaints.empty());
}

INSTANTIATE_TEST_SUITE_P(Interpreters, GilOf, testing::ValuesIn(interpreters()),
                         [](const auto& parameter) {
                             std::string name = parameter.param.name;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

TEST(GilOfOldPython, IsSaidToBeMissing) {
    const std::string python = pyenvPython("3.6");
    if (python.empty()) {
        GTEST_SKIP() << "no Python 3.6 on this machine";
    }
    ProgramRequest request;
    request.command = {python, "-c", "import threading; threading.Thread(target=print).start()"};
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0);
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_FALSE(process.hasText(EventKind::ObjectNamed, "gil|"));
    const auto notes = process.texts(EventKind::Noted);
    EXPECT_EQ(std::ranges::count_if(notes,
                                    [](const std::string& text) {
                                        return text.starts_with("gil-unavailable|GIL track "
                                                                "unavailable on this interpreter: "
                                                                "Python 3.6");
                                    }),
              1);
}

/// Two interpreters with a GIL of their own compute at once, beside the main one.
TEST_P(GilOf, EachInterpreterWithItsOwnHasATrack) {
    const bool isOld = GetParam().name == "3.12";
    if (!isOld && GetParam().name != "3.13") {
        GTEST_SKIP() << "interpreters of this version share one GIL, or it has none";
    }
    ProgramRequest request;
    request.environment["INTERLEAVE_RECORD"] = "gil";
    request.command = {GetParam().path, "-c", R"(
import sys, threading
if sys.version_info < (3, 13):
    import _xxsubinterpreters as interpreters
    create, run = lambda: interpreters.create(isolated=True), interpreters.run_string
else:
    import _interpreters as interpreters
    create, run = lambda: interpreters.create('isolated'), interpreters.run_string
code = """
import time
end = time.thread_time() + 0.1
while time.thread_time() < end: pass
"""
ids = [create() for _ in range(2)]
threads = [threading.Thread(target=run, args=(i, code)) for i in ids]
[t.start() for t in threads]
[t.join() for t in threads]
for i in ids: interpreters.destroy(i)
)"};
    const RecordedProgram program = runRecorded(request);
    ASSERT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.texts(EventKind::ObjectNamed),
              (std::vector<std::string>{"gil|GIL", "gil|GIL 2", "gil|GIL 3"}));
    const GilHistory gil = gilHistory(program, process);
    EXPECT_EQ(gil.overlaps(), 0u);
    EXPECT_TRUE(gil.faults.empty()) << gil.faults[0];
    std::map<std::uint32_t, std::int64_t> held;
    for (const Hold& hold : gil.holds) {
        if (hold.isClosed) {
            held[hold.object] += hold.end - hold.begin;
        }
    }
    EXPECT_GT(held[2], 95'000'000);
    EXPECT_GT(held[3], 95'000'000);
    EXPECT_EQ(process.count(EventKind::LockFailed), 0u);
}

} // namespace interleave::agent
