// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/model_facts.h"

#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::analysis {
namespace {

TEST(ModelFacts, OneTaskAfterTheOtherNobodySwitches) {
    const ModelFacts facts =
        modelFacts(*support::sketch("w0: RRRRRR\nw0/task: aaabbb\na: RRR\nb: QQQRRR\n"));
    EXPECT_EQ(facts.whoSwitches, "nobody: one after the other");
    EXPECT_EQ(facts.threads, 1);
    EXPECT_EQ(facts.processes, 1);
}

TEST(ModelFacts, TasksThatComeBackToTheirOneWorkerSwitchByThemselves) {
    const ModelFacts facts =
        modelFacts(*support::sketch("w0: RRRRRR\nw0/task: aabbaa\na: RRIIRR\nb: CCRR\n"));
    EXPECT_EQ(facts.whoSwitches, "task, at an await");
}

TEST(ModelFacts, SeveralThreadsAreSwitchedByTheOperatingSystem) {
    const ModelFacts facts = modelFacts(
        *support::sketch("w0: RRR\nw0/task: aaa\nw1: RRR\nw1/task: bbb\na: RRR\nb: RRR\n"));
    EXPECT_EQ(facts.whoSwitches, "operating system");
    EXPECT_EQ(facts.threads, 2);
    EXPECT_FALSE(facts.coresUsed) << "cores were not seen";
}

TEST(ModelFacts, AnInterpreterLockThatWasHeldHasASayToo) {
    const ModelFacts facts = modelFacts(
        *support::sketch("w0: RRGG\nw0/task: aaaa\nw1: GGRR\nw1/task: bbbb\na: RRGG\nb: GGRR\n"
                         "gil GIL: aabb\n"));
    EXPECT_EQ(facts.whoSwitches, "operating system; interpreter lock");
}

TEST(ModelFacts, CoresAreThoseUsedAtOnce) {
    const ModelFacts inTurn =
        modelFacts(*support::sketch("w0: RR\nw0/task: aa\nw1: ..RR\nw1/task: ..bb\na: RR\nb: QQRR\n"
                                    "core 0: aa\ncore 1: ..bb\n"));
    EXPECT_EQ(inTurn.coresUsed, 1);
    const ModelFacts atOnce =
        modelFacts(*support::sketch("w0: RR\nw0/task: aa\nw1: RR\nw1/task: bb\na: RR\nb: RR\n"
                                    "core 0: aa\ncore 1: bb\n"));
    EXPECT_EQ(atOnce.coresUsed, 2);
}

TEST(ModelFacts, OverheadIsWhatIsNeitherWorkNorWaitForEachTask) {
    const ModelFacts none =
        modelFacts(*support::sketch("w0: RRRRRR\nw0/task: aaabbb\na: RRR\nb: QQQRRR\n"));
    EXPECT_EQ(none.overheadPerTaskNs, 0);
    const ModelFacts sent =
        modelFacts(*support::sketch("w0: TTRRTTRR\nw0/task: aaaabbbb\na: TTRR\nb: QQQQTTRR\n"));
    EXPECT_EQ(sent.overheadPerTaskNs, 2 * support::kSketchUnitNs);
}

TEST(ModelFacts, OfNothingTheyAreNothing) {
    const ModelFacts facts = modelFacts(recording::Recording{});
    EXPECT_EQ(facts.threads, 0);
    EXPECT_FALSE(facts.overheadPerTaskNs);
    EXPECT_FALSE(facts.coresUsed);
}

} // namespace
} // namespace interleave::analysis
