// SPDX-License-Identifier: GPL-3.0-or-later
// Calls that block, in a plain program and under a GIL.
#include "tests/engine/python/agent/lock_history.h"

#include <algorithm>
#include <cstdio>
#include <gmock/gmock.h>
#include <map>
#include <sstream>

namespace interleave::agent {
namespace {

using record::BlockingCall;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<CallSpan> ofKind(const std::vector<CallSpan>& calls, BlockingCall kind,
                             std::uint32_t argument) {
    std::vector<CallSpan> found;
    std::ranges::copy_if(calls, std::back_inserter(found), [&](const CallSpan& call) {
        return call.call == kind && call.argument == argument;
    });
    return found;
}

TEST(BlockingCalls, OfAPlainProgramAreRecordedWhereTheyBlock) {
    ProgramRequest request;
    request.command = {LOCKS_PROGRAM, "calls"};
    request.library = AGENT_LOCKS_LIBRARY;
    const RecordedProgram program = runRecorded(request);
    ASSERT_EQ(program.exitCode(), 0) << program.output;
    int in = 0, out = 0, zero = 0, child = 0;
    ASSERT_EQ(
        std::sscanf(program.output.c_str(), "fds %d %d %d child %d", &in, &out, &zero, &child), 4);
    ASSERT_FALSE(program.processes.empty());
    const ReadStream* const main = program.processes[0].streamOf(program.processes[0].pid);
    ASSERT_NE(main, nullptr);
    const auto calls = callsOf(program, *main);
    EXPECT_TRUE(std::ranges::all_of(calls, &CallSpan::isClosed));
    const auto argument = [](int value) { return static_cast<std::uint32_t>(value); };
    const auto reads = ofKind(calls, BlockingCall::Read, argument(in));
    ASSERT_THAT(reads, SizeIs(5));
    for (const CallSpan& read : reads) {
        EXPECT_GE(read.end - read.begin, 1'000'000);
    }
    // The first is unknown, and so is one that was interrupted by somebody else's work.
    EXPECT_LE(ofKind(calls, BlockingCall::Read, argument(zero)).size(), 500u);
    EXPECT_GE(ofKind(calls, BlockingCall::Read, argument(zero)).size(), 1u);
    EXPECT_THAT(ofKind(calls, BlockingCall::Poll, 0xffff'ffff), SizeIs(1))
        << "a poll with a limit of 0 can't block";
    EXPECT_THAT(ofKind(calls, BlockingCall::Sleep, 0xffff'ffff), SizeIs(1));
    EXPECT_THAT(ofKind(calls, BlockingCall::WaitChild, argument(child)), SizeIs(1));
    EXPECT_TRUE(std::ranges::any_of(
        calls, [](const CallSpan& call) { return call.call == BlockingCall::WaitThread; }));
}

class PythonCalls : public testing::TestWithParam<std::string> {};

TEST_P(PythonCalls, FillTheTimeWithoutTheGil) {
    const std::string python = GetParam() == "system" ? systemPython() : pyenvPython(GetParam());
    if (python.empty()) {
        GTEST_SKIP() << "no Python " << GetParam() << " here";
    }
    ProgramRequest request;
    request.command = {python, PROGRAMS "/calls_scenario.py"};
    const RecordedProgram program = runRecorded(request);
    ASSERT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_FALSE(program.processes.empty());
    const RecordedProcess& process = program.processes[0];
    const ReadStream* const main = process.streamOf(process.pid);
    ASSERT_NE(main, nullptr);
    const auto calls = callsOf(program, *main);
    const std::map<std::string, BlockingCall> kinds{{"sleep", BlockingCall::Sleep},
                                                    {"read", BlockingCall::Read},
                                                    {"recv", BlockingCall::Read},
                                                    {"poll", BlockingCall::Poll},
                                                    {"wait", BlockingCall::WaitChild}};
    constexpr std::int64_t kCallSlackNs = 20'000;
    std::istringstream lines(program.output);
    std::string what;
    std::uint32_t tid = 0;
    std::int64_t begin = 0, end = 0;
    std::size_t checked = 0;
    while (lines >> what >> tid >> begin >> end) {
        const auto inside = [&](const CallSpan& call) {
            return call.begin >= begin - kCallSlackNs && call.end <= end + kCallSlackNs;
        };
        if (what == "compute") {
            EXPECT_TRUE(std::ranges::none_of(calls, inside));
            continue;
        }
        ++checked;
        const BlockingCall kind = kinds.at(what);
        EXPECT_TRUE(std::ranges::any_of(calls, [&](const CallSpan& call) {
            return call.call == kind && inside(call) && call.isClosed &&
                   call.end - call.begin >= 5'000'000;
        })) << what;
    }
    EXPECT_EQ(checked, 5u);
    // Between the GIL's release and its return.
    bool isHeld = false;
    std::uint32_t gil = 0;
    for (std::size_t i = 0; i < main->events.size(); ++i) {
        const Event& event = main->events[i];
        if (event.kind() == EventKind::ObjectNamed && textAt(main->events, i).starts_with("gil")) {
            gil = event.a;
        }
        if (gil != 0 && (event.b & 0xffff) == gil) {
            if (event.kind() == EventKind::LockAcquired) {
                isHeld = true;
            } else if (event.kind() == EventKind::LockReleased) {
                isHeld = false;
            }
        }
        if (isHeld) {
            EXPECT_NE(event.kind(), EventKind::CallBegan);
        }
    }
    EXPECT_NE(gil, 0u);
}

INSTANTIATE_TEST_SUITE_P(Interpreters, PythonCalls,
                         testing::Values("system", "3.8", "3.10", "3.12", "3.13"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

} // namespace
} // namespace interleave::agent
