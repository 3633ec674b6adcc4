// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/memory_sampler.h"
#include "engine/record/process_tree.h"
#include "tests/engine/record/session_sketch.h"

#include <algorithm>
#include <latch>
#include <thread>

namespace interleave::record {

namespace {

bool holds(ProcessTree& tree, pid_t pid) {
    const auto& processes = tree.processes();
    return std::any_of(processes.begin(), processes.end(), [pid](const ObservedProcess& process) {
        return process.pid == static_cast<std::uint32_t>(pid);
    });
}

/// A child with a child of its own; both live until the pipe is closed.
struct Family {
    Family() {
        int ready[2];
        EXPECT_EQ(pipe(m_life), 0);
        EXPECT_EQ(pipe(ready), 0);
        child = fork();
        if (child == 0) {
            close(m_life[1]);
            const pid_t inner = fork();
            char byte = 0;
            if (inner != 0 && write(ready[1], &inner, sizeof inner) < 0) {
                _exit(1);
            }
            _exit(read(m_life[0], &byte, 1) < 0 ? 1 : 0);
        }
        close(m_life[0]);
        EXPECT_EQ(read(ready[0], &grandchild, sizeof grandchild), ssize_t{sizeof grandchild});
        close(ready[0]);
        close(ready[1]);
    }
    Family(const Family&) = delete;
    Family& operator=(const Family&) = delete;
    ~Family() {
        close(m_life[1]);
        waitpid(child, nullptr, 0);
    }
    pid_t child = 0;
    pid_t grandchild = 0;

private:
    int m_life[2] = {};
};

} // namespace

TEST(ProcessTree, FindsChildrenOfChildrenAndLosesThem) {
    DescriptorBudget budget{16};
    ProcessTree tree(budget);
    pid_t child = 0;
    {
        const Family family;
        tree.refresh();
        EXPECT_TRUE(holds(tree, getpid()));
        EXPECT_TRUE(holds(tree, family.child));
        EXPECT_TRUE(holds(tree, family.grandchild));
        child = family.child;
    }
    tree.refresh();
    EXPECT_FALSE(holds(tree, child));
    EXPECT_TRUE(holds(tree, getpid()));
}

TEST(ProcessTree, FindsChildrenOfAProcessWithManyThreads) {
    const Family family;
    std::latch end{1};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 40; ++i) {
        threads.emplace_back([&end] { end.wait(); });
    }
    DescriptorBudget budget{16};
    ProcessTree tree(budget);
    tree.refresh();
    EXPECT_TRUE(holds(tree, family.child));
    EXPECT_TRUE(holds(tree, family.grandchild));
    end.count_down();
}

TEST(ProcessTree, KeepsNoMoreDescriptorsThanItMay) {
    DescriptorBudget budget{1};
    {
        const Family family;
        ProcessTree tree(budget);
        tree.refresh();
        tree.refresh();
        EXPECT_EQ(budget.left, 0);
        EXPECT_TRUE(holds(tree, family.grandchild));
    }
    EXPECT_EQ(budget.left, 1);
}

TEST(MemorySampler, WritesWhatEveryProcessOccupies) {
    const TemporaryFolder folder;
    const Family family;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    DescriptorBudget budget{16};
    ProcessTree tree(budget);
    tree.refresh();
    Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "memory"});
    sampleRss(tree, budget, writer);
    samplePss(tree, budget, writer);
    const ReadSession read = readAll(folder.session());
    const auto rss = read.streams.at(0).ofKind(EventKind::MemoryRss);
    const auto pss = read.streams.at(0).ofKind(EventKind::MemoryPss);
    ASSERT_EQ(rss.size(), tree.processes().size());
    ASSERT_EQ(pss.size(), rss.size());
    EXPECT_EQ(rss[0].a, static_cast<std::uint32_t>(getpid()));
    EXPECT_GT(rss[0].b, 1000u);     // KiB: more than a megabyte
    EXPECT_LT(rss[0].b, 64u << 20); // less than 64 GiB
    EXPECT_GT(pss[0].b, 100u);
    EXPECT_LE(pss[0].b, rss[0].b + 4096);
}

} // namespace interleave::record
