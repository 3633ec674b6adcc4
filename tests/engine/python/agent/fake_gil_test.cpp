// SPDX-License-Identifier: GPL-3.0-or-later
// What no interpreter of this machine does: GILs that break, that describe themselves otherwise,
// that look otherwise. A track is there and true, or not there and said to be missing.
#include "tests/engine/python/agent/gil_history.h"

namespace interleave::agent {

namespace {

RecordedProgram fake(const std::string& what, const std::string& version = "3.11.99 (fake)") {
    ProgramRequest request;
    request.command = {PROGRAM_BINARIES "/fake_interpreter", what};
    request.environment["FAKE_VERSION"] = version;
    request.environment["INTERLEAVE_RECORD"] = "gil";
    RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0);
    EXPECT_EQ(program.processes.size(), 1u);
    if (program.processes.size() != 1) {
        program.processes.resize(1);
    }
    return program;
}

} // namespace

TEST(FakeGil, IsFollowedLikeARealOne) {
    const RecordedProgram program = fake("plain");
    const GilHistory gil = gilHistory(program, program.processes[0]);
    EXPECT_EQ(gil.holds.size(), 5u);
    EXPECT_EQ(gil.overlaps(), 0u);
    EXPECT_TRUE(program.processes[0].hasText(EventKind::Noted, "Python 3.11.99"));
}

TEST(FakeGil, WhatItsMemoryDeniesEndsItsTrack) {
    const RecordedProgram program = fake("corrupt");
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.count(EventKind::LockFailed), 1u);
    EXPECT_TRUE(process.hasText(EventKind::Noted, "gil-failed|The GIL is not followed any more"));
    EXPECT_EQ(process.count(EventKind::LockAcquired), 2u) << "nothing after";
    EXPECT_EQ(process.count(EventKind::LockReleased), 1u);
}

TEST(FakeGil, ASecondHolderEndsItsTrack) {
    const RecordedProgram program = fake("second-holder");
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.count(EventKind::LockFailed), 1u);
    EXPECT_TRUE(process.hasText(EventKind::Noted, "while another thread had it"));
    EXPECT_EQ(process.count(EventKind::LockAcquired), 2u);
}

TEST(FakeGil, ADestroyedOneIsAnOrdinaryCondition) {
    const RecordedProgram program = fake("destroyed");
    EXPECT_EQ(program.processes[0].count(EventKind::LockAcquired), 1u);
    EXPECT_EQ(program.processes[0].count(EventKind::LockFailed), 0u);
}

TEST(FakeGil, AnotherOrderOrAnImpossibleIntervalIsNoGil) {
    for (const char* what : {"shuffled", "odd-interval"}) {
        const RecordedProgram program = fake(what);
        const RecordedProcess& process = program.processes[0];
        EXPECT_EQ(process.count(EventKind::LockAcquired), 0u) << what;
        EXPECT_EQ(process.count(EventKind::ObjectNamed), 0u) << what;
        EXPECT_TRUE(process.hasText(
            EventKind::Noted,
            "gil-unavailable|GIL track unavailable on this interpreter: Python 3.11.99"))
            << what;
    }
}

TEST(FakeGil, ItsOwnDescriptionIsAskedWhereItHasOne) {
    EXPECT_TRUE(fake("described", "3.14.2 (fake)")
                    .processes[0]
                    .hasText(EventKind::Noted, "as the interpreter's own description says"));
    const RecordedProgram otherwise = fake("described-otherwise", "3.13.2 (fake)");
    EXPECT_TRUE(otherwise.processes[0].hasText(EventKind::Noted, "describes its GIL otherwise"));
    EXPECT_EQ(otherwise.processes[0].count(EventKind::LockAcquired), 0u);
}

TEST(FakeGil, FreeThreadedBuildsSayWhetherItIsOn) {
    EXPECT_TRUE(fake("free-threaded", "3.14.2 (fake)")
                    .processes[0]
                    .hasText(EventKind::Noted, "free-threaded|free-threaded: GIL off"));
    EXPECT_TRUE(fake("free-threaded-on", "3.14.2 (fake)")
                    .processes[0]
                    .hasText(EventKind::Noted, "free-threaded|free-threaded: GIL on"));
}

} // namespace interleave::agent
