// SPDX-License-Identifier: GPL-3.0-or-later
// The slots of a worker node as the node sees them, with real children and no broker.
#include "engine/models/blocking/run_stop.h"
#include "engine/models/sync/futex.h"
#include "engine/models/task_queue/process_pool.h"
#include "tests/engine/models_async/model_run.h"
#include "tests/engine/scenario/temporary_folder.h"

#include <gmock/gmock.h>
#include <sys/ioctl.h>

namespace interleave::models {
namespace {

constexpr Nanoseconds kPatienceNs = 20'000'000'000;

class PoolNotes final : public PoolClient {
public:
    void started(Job& job) override { begun.push_back(&job); }
    void spawned(TaskId) override {}
    void ended(Job& job, TaskId task, State, std::vector<std::byte>, bool) override {
        endings.emplace_back(&job, task);
    }
    void lost(Job& job, Loss) override { losses.push_back(&job); }

    std::vector<Job*> begun;
    std::vector<std::pair<Job*, TaskId>> endings;
    std::vector<Job*> losses;
};

/// A pool of one slot and what it works with.
class OneSlot : public testing::Test {
protected:
    OneSlot()
        : program(programOf("name = \"t\"\n[[task]]\nname = \"a\"\ncount = 3\nsteps = []\n"))
        , session(std::move(*record::SessionWriter::create(folder.path() / "session")))
        , control(
              session.openStream({record::StreamRole::Control, session.clock().kind, "control"}))
        , objects(std::move(*SharedObjects::create(program)))
        , stop(std::move(*RunStop::create({}, objects)))
        , board(std::move(*QueueBoard::create(program.tasks.size(), 1)))
        , context{.program = program,
                  .workers = 1,
                  .parameters = parameters,
                  .speed = speed,
                  .loopback = {},
                  .session = session,
                  .control = control,
                  .gil = {},
                  .firstExtraStep = {},
                  .stop = {},
                  .programPath = {}} {
        speed.slicesPerSecond.fill(400'000);
    }

    ProcessPool makePool(QueueSettings settings = {}) {
        NodePlan plan;
        plan.slotCount = 1;
        return {context, objects, board, stop->fd(), settings, plan};
    }

    Job jobOf(std::uint32_t task) const {
        Job job;
        job.parcel.number = task;
        job.parcel.body = packMessage({MessageKind::Task, TaskId{task}}, 0);
        job.frames = *framesOf(job.parcel.body, MessageKind::Task, program.tasks.size());
        return job;
    }

    template <class Condition>
    void serveUntil(ProcessPool& pool, Condition isMet) {
        const Nanoseconds giveUpNs = monotonicNow() + kPatienceNs;
        while (!isMet()) {
            ASSERT_LT(monotonicNow(), giveUpNs);
            const auto served = pool.serve(notes, 0);
            ASSERT_TRUE(served.has_value()) << served.error().message;
            std::vector<pollfd> fds;
            pool.addFds(fds);
            poll(fds.data(), fds.size(), pool.nextDueNs() ? 0 : 10);
        }
    }

    /// Until the child has said so much that nobody has read yet.
    static void waitForBytes(const ProcessPool& pool, std::size_t bytes) {
        std::vector<pollfd> fds;
        pool.addFds(fds);
        ASSERT_FALSE(fds.empty());
        const Nanoseconds giveUpNs = monotonicNow() + kPatienceNs;
        for (int there = 0; there < static_cast<int>(bytes);) {
            ASSERT_LT(monotonicNow(), giveUpNs);
            poll(fds.data(), 1, 10);
            ASSERT_EQ(ioctl(fds.front().fd, FIONREAD, &there), 0);
        }
    }

    scenario::TemporaryFolder folder;
    scenario::Program program;
    record::SessionWriter session;
    record::Writer control;
    SharedObjects objects;
    std::unique_ptr<RunStop> stop;
    QueueBoard board;
    Parameters parameters;
    scenario::ComputeSpeed speed;
    RunContext context;
    PoolNotes notes;
};

} // namespace

/// As after a cut connection: the child had done its task, and nobody had heard of it.
TEST_F(OneSlot, WhatAnAbortedChildHadStillToSayIsNobodysAnswer) {
    ProcessPool pool = makePool();
    ASSERT_NO_FATAL_FAILURE(serveUntil(pool, [&] { return pool.hasRoom(); }));
    const pid_t first = board.slotEntries()[0].pid;
    Job aborted = jobOf(1);
    pool.give(aborted, notes);
    ASSERT_NO_FATAL_FAILURE(waitForBytes(pool, sizeof(Message)));
    ASSERT_TRUE(pool.abort(aborted));
    EXPECT_FALSE(pool.hasRoom()) << "nobody sits there";
    EXPECT_EQ(board.slotEntries()[0].pid, 0);

    ASSERT_NO_FATAL_FAILURE(serveUntil(pool, [&] { return pool.hasRoom(); }));
    EXPECT_NE(board.slotEntries()[0].pid, first);
    Job next = jobOf(2);
    pool.give(next, notes);
    ASSERT_NO_FATAL_FAILURE(serveUntil(pool, [&] { return !notes.endings.empty(); }));
    EXPECT_THAT(notes.endings, testing::ElementsAre(testing::Pair(&next, TaskId{2})));
    EXPECT_THAT(notes.losses, testing::IsEmpty());
    pool.close(kPatienceNs);
}

TEST_F(OneSlot, ARetiredChildIsReplacedAndItsJobsAreNot) {
    ProcessPool pool = makePool({.maxTasksPerChild = 1});
    std::vector<pid_t> pids;
    Job jobs[] = {jobOf(1), jobOf(2), jobOf(3)};
    for (Job& job : jobs) {
        ASSERT_NO_FATAL_FAILURE(serveUntil(pool, [&] { return pool.hasRoom(); }));
        pids.push_back(board.slotEntries()[0].pid);
        pool.give(job, notes);
        ASSERT_NO_FATAL_FAILURE(
            serveUntil(pool, [&] { return notes.endings.size() == pids.size(); }));
    }
    EXPECT_THAT(std::vector({pids[0] != pids[1], pids[1] != pids[2]}), testing::Each(true));
    EXPECT_THAT(notes.losses, testing::IsEmpty());
    pool.close(kPatienceNs);
}

} // namespace interleave::models
