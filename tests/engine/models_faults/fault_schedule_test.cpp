// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/faults/fault_schedule.h"
#include "tests/engine/scenario/temporary_folder.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using scenario::Fault;
using scenario::TemporaryFolder;

std::vector<Fault::Kind> kindsOf(const std::vector<Fault>& faults) {
    std::vector<Fault::Kind> kinds;
    for (const Fault& fault : faults) {
        kinds.push_back(fault.kind);
    }
    return kinds;
}

TEST(FaultSchedule, HandsFaultsOutAtTheirTimesOnceAndInOrder) {
    FaultSchedule schedule({{Fault::Kind::StopBroker, 20 * kMs, 0, 5 * kMs},
                            {Fault::Kind::KillWorker, 10 * kMs, 1, 0},
                            {Fault::Kind::CutConnection, 10 * kMs, 2, 0}});
    std::vector<std::string> complaints;
    EXPECT_TRUE(schedule.takeDue(1000 * kMs, complaints).empty()) << "it has not begun";
    schedule.begin(100 * kMs);
    EXPECT_EQ(schedule.nextDueNs(), 110 * kMs);
    EXPECT_TRUE(schedule.takeDue(109 * kMs, complaints).empty());
    EXPECT_THAT(kindsOf(schedule.takeDue(115 * kMs, complaints)),
                testing::ElementsAre(Fault::Kind::KillWorker, Fault::Kind::CutConnection));
    EXPECT_EQ(schedule.nextDueNs(), 120 * kMs);
    EXPECT_THAT(kindsOf(schedule.takeDue(500 * kMs, complaints)),
                testing::ElementsAre(Fault::Kind::StopBroker));
    EXPECT_EQ(schedule.nextDueNs(), std::nullopt);
    EXPECT_TRUE(complaints.empty());
}

TEST(FaultSchedule, TakesCommandsFromThePipe) {
    const TemporaryFolder folder;
    auto pipe = CommandPipe::create(folder.path());
    ASSERT_TRUE(pipe.has_value());
    FaultSchedule schedule({}, std::move(*pipe));
    schedule.begin(0);
    ASSERT_TRUE(sendCommand(folder.path(), "stop-broker@30ms+500ms").has_value());
    ASSERT_TRUE(sendCommand(folder.path(), "kill-worker:2").has_value());
    ASSERT_TRUE(sendCommand(folder.path(), "set-fire").has_value());
    std::vector<std::string> complaints;
    const auto now = schedule.takeDue(70 * kMs, complaints);
    ASSERT_THAT(kindsOf(now), testing::ElementsAre(Fault::Kind::KillWorker));
    EXPECT_EQ(now.front().target, 2u);
    EXPECT_THAT(complaints, testing::ElementsAre(testing::HasSubstr("set-fire")));
    EXPECT_EQ(schedule.nextDueNs(), 100 * kMs) << "its time counts from when it came";
    const auto later = schedule.takeDue(100 * kMs, complaints);
    ASSERT_THAT(kindsOf(later), testing::ElementsAre(Fault::Kind::StopBroker));
    EXPECT_EQ(later.front().lengthNs, 500 * kMs);
}

TEST(FaultCommand, NeedsNoTime) {
    const auto fault = parseFaultCommand("slow-consumer:1+20ms");
    ASSERT_TRUE(fault.has_value()) << fault.error().message;
    EXPECT_EQ(fault->kind, Fault::Kind::SlowConsumer);
    EXPECT_EQ(fault->atNs, 0);
    EXPECT_EQ(fault->target, 1u);
    EXPECT_EQ(fault->lengthNs, 20 * kMs);
    EXPECT_FALSE(parseFaultCommand("").has_value());
}

} // namespace
} // namespace interleave::models
