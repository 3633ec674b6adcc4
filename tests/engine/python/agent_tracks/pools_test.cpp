// SPDX-License-Identifier: GPL-3.0-or-later
// Items of pools on every interpreter of this machine: each is queued, runs where the program says
// that it ran, and ends.
#include "tests/engine/python/agent_tracks/interpreters.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

namespace interleave::agent {

namespace {

class Pools : public EachInterpreter {};

std::map<std::string, int> countStates(const std::vector<const TaskRecord*>& items) {
    std::map<std::string, int> counts;
    for (const TaskRecord* item : items) {
        ++counts[item->states()];
    }
    return counts;
}

TEST_P(Pools, ItemsOfAThreadPool) {
    const RecordedProgram program = run("pools.py", {"thread"});
    const TaskHistory history = taskHistory(program);
    EXPECT_TRUE(history.faults.empty()) << history.faults.front();
    const auto items = history.inGroup("pool item");
    EXPECT_EQ(countStates(items), (std::map<std::string, int>{{"queued running done", 5},
                                                              {"queued running failed", 1},
                                                              {"queued cancelled", 1}}))
        << history.text();
    std::set<std::uint32_t> threads;
    for (const TaskRecord* item : items) {
        EXPECT_EQ(item->name, "work");
        for (const TaskSpan& span : item->spans(State::Running)) {
            threads.insert(span.tid);
            EXPECT_EQ(span.step, "work (pools.py:13)");
            EXPECT_GE(span.end - span.begin, 5'000'000);
        }
    }
    EXPECT_EQ(threads.size(), 2u);
    EXPECT_FALSE(threads.contains(program.processes[0].pid));
    EXPECT_EQ(std::ranges::count(items, "submitter", &TaskRecord::parent), 1);
    EXPECT_TRUE(program.processes[0].hasText(EventKind::ThreadNamed, "hand_0"));
}

class ProcessPools : public Pools {
protected:
    void check(const char* way) {
        const RecordedProgram program = run("pools.py", {way});
        const TaskHistory history = taskHistory(program);
        EXPECT_TRUE(history.faults.empty()) << history.faults.front();
        const auto items = history.inGroup("pool item");
        EXPECT_EQ(countStates(items), (std::map<std::string, int>{{"queued running done", 8},
                                                                  {"queued running failed", 2}}))
            << history.text();
        std::multiset<std::string> recorded;
        for (const TaskRecord* item : items) {
            EXPECT_EQ(item->name, "work");
            EXPECT_EQ(item->moments.front().pid, program.processes[0].pid);
            const auto running = item->spans(State::Running);
            ASSERT_EQ(running.size(), 1u);
            EXPECT_NE(running[0].pid, program.processes[0].pid);
            if (item->last() == State::Done) {
                recorded.insert(std::to_string(running[0].pid));
            }
        }
        std::multiset<std::string> told;
        for (const auto& [word, fields] : linesOf(program.output)) {
            if (word == "ran") {
                told.insert(fields[1]);
            }
        }
        EXPECT_EQ(recorded, told);
        // Every child has booted by itself.
        for (const std::string& pid : told) {
            const RecordedProcess* child =
                program.process(static_cast<std::uint32_t>(std::stoul(pid)));
            ASSERT_NE(child, nullptr);
            EXPECT_TRUE(child->hasText(EventKind::ThreadNamed, "MainThread"));
        }
    }
};

TEST_P(ProcessPools, ItemsRunInForkedChildren) {
    check("fork");
}

TEST_P(ProcessPools, ItemsRunInSpawnedChildren) {
    check("spawn");
}

TEST_P(ProcessPools, ItemsRunInChildrenOfAForkServer) {
    check("forkserver");
}

INSTANTIATE_TEST_SUITE_P(Interpreters, Pools, testing::ValuesIn(interpreters()), interpreterName);
INSTANTIATE_TEST_SUITE_P(Interpreters, ProcessPools, testing::ValuesIn(interpreters()),
                         interpreterName);

} // namespace

} // namespace interleave::agent
