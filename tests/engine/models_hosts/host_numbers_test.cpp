// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/host_numbers.h"

#include <gtest/gtest.h>

namespace interleave::models {
namespace {

using record::Event;
using record::EventKind;

constexpr HostNumbers kOfSecondHost{2, 10};
constexpr std::uint32_t kFirstThread = 2 * HostNumbers::kMostThreads;

Event event(EventKind kind, std::uint32_t a, std::uint32_t b) {
    return {std::uint64_t{5} << 8 | static_cast<std::uint64_t>(kind), a, b};
}

TEST(HostNumbers, ThreadsAndCoresOfSwitchesMove) {
    const Event in = kOfSecondHost.relocated(event(EventKind::SwitchedIn, 1234, 3));
    EXPECT_EQ(in.a, kFirstThread + 1234);
    EXPECT_EQ(in.b, 13u);
    const Event out =
        kOfSecondHost.relocated(event(EventKind::SwitchedOut, 1234, 3 | record::kPreempted));
    EXPECT_EQ(out.b, 13 | record::kPreempted) << "that it was pre-empted stays";
    EXPECT_EQ(out.stamp(), 5u);
    EXPECT_EQ(kOfSecondHost.relocated(event(EventKind::OtherLoad, 1, 700)).a, 11u);
    EXPECT_EQ(kOfSecondHost.relocated(event(EventKind::OtherLoad, 1, 700)).b, 700u);
    EXPECT_EQ(kOfSecondHost.relocated(event(EventKind::MemoryRss, 9, 700)).a, kFirstThread + 9);
}

TEST(HostNumbers, AThreadWhoseMakerIsUnknownStaysWithoutOne) {
    const Event started = kOfSecondHost.relocated(event(EventKind::ThreadStarted, 7, 0));
    EXPECT_EQ(started.a, kFirstThread + 7);
    EXPECT_EQ(started.b, 0u);
}

TEST(HostNumbers, TasksAndMessagesStay) {
    for (const EventKind kind : {EventKind::FirstState, EventKind::MessageDelivered,
                                 EventKind::Level, EventKind::ThreadCpuTime}) {
        const Event same = kOfSecondHost.relocated(event(kind, 3, 4));
        EXPECT_EQ(same.a, 3u);
        EXPECT_EQ(same.b, 4u);
    }
}

TEST(HostNumbers, NoEventGetsIntoAnotherHostsRange) {
    const Event event2 = kOfSecondHost.relocated(event(EventKind::ThreadEnded, 0xffff'ffff, 0));
    EXPECT_GE(event2.a, kFirstThread);
    EXPECT_LT(event2.a, kFirstThread + HostNumbers::kMostThreads);
}

TEST(HostNumbers, MessagesOfTwoHostsNeverMeet) {
    EXPECT_EQ((HostNumbers{1, 0}.messagesBefore()), HostNumbers::kMostMessages);
    EXPECT_EQ((HostNumbers{HostNumbers::kMostHosts, 0}.messagesBefore()),
              HostNumbers::kMostHosts * HostNumbers::kMostMessages);
}

} // namespace
} // namespace interleave::models
