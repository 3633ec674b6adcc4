// SPDX-License-Identifier: GPL-3.0-or-later
// A worker that several tasks share, because they leave it while they wait.
#include "tests/engine/findings/found.h"

namespace interleave::findings {
namespace {

using testing::Contains;
using testing::Not;

/// One coroutine has the loop for so long, in a state; another one is ready meanwhile, or waits.
RunOf loop(int length, char state, bool isOtherReady) {
    const std::string mine(static_cast<std::size_t>(length), state);
    const std::string other(static_cast<std::size_t>(length), isOtherReady ? 'C' : 'I');
    const std::string none(static_cast<std::size_t>(length), '.');
    return {.sketch = "w0: RR" + mine + "R\nw0/task: ba" + std::string(mine.size(), 'a') + "b\n" +
                      "a: QR" + mine + "\na/worker: .0" + std::string(mine.size(), '0') +
                      "\nb: RI" + other + "R\nb/worker: 0." + none + "0\n",
            .model = "event-loop"};
}

TEST(LoopBlocked, ACallThatWaitsWithTheLoop) {
    const auto recording = recordingOf(loop(40, 'z', true));
    const Finding finding = found(*recording, "loop-blocked");
    EXPECT_DOUBLE_EQ(finding.value, 40);
    EXPECT_THAT(finding.message, testing::StartsWith("a stopped"));
    EXPECT_THAT(kindsIn(*recording), Not(Contains("loop-never-yields")));
}

TEST(LoopBlocked, NotWhereNobodyElseCouldGoOnAndNotForAMoment) {
    EXPECT_THAT(kindsOf(loop(40, 'z', false)), Not(Contains("loop-blocked")));
    EXPECT_THAT(kindsOf(loop(5, 'z', true)), Not(Contains("loop-blocked")));
}

TEST(LoopNeverYields, ACoroutineThatComputes) {
    const auto recording = recordingOf(loop(80, 'R', true));
    const Finding finding = found(*recording, "loop-never-yields");
    EXPECT_DOUBLE_EQ(finding.value, 81);
    EXPECT_THAT(kindsIn(*recording), Not(Contains("loop-blocked")));
    EXPECT_THAT(kindsOf(loop(80, 'R', false)), Not(Contains("loop-never-yields")));
    EXPECT_THAT(kindsOf(loop(20, 'R', true)), Not(Contains("loop-never-yields")));
}

TEST(LoopRules, SayNothingOfThreads) {
    // The same waits, but each on a thread of its own.
    const RunOf run{.sketch = "w0: " + times(60, "z") + "\nw0/task: " + times(60, "a") +
                              "\na: " + times(60, "z") + "\na/worker: " + times(60, "0") +
                              "\nw1: " + times(60, "C") + "\nw1/task: " + times(60, "b") +
                              "\nb: " + times(60, "C") + "\nb/worker: " + times(60, "1") + "\n"};
    EXPECT_THAT(kindsOf(run), Not(Contains("loop-blocked")));
    EXPECT_THAT(kindsOf(run), Not(Contains("sequential-awaits")));
}

TEST(SequentialAwaits, OneThingAfterTheOther) {
    const RunOf one{.sketch = "w0: R....R....R....R\nw0/task: a....a....a....a\n"
                              "a: RIIIIRIIIIRIIIIR\na/worker: 0....0....0....0\n",
                    .model = "event-loop"};
    RunOf slow = one;
    slow.sketch = "w0: R" + times(3, times(40, ".") + "R") + "\nw0/task: a" +
                  times(3, times(40, ".") + "a") + "\na: R" + times(3, times(40, "I") + "R") +
                  "\na/worker: 0" + times(3, times(40, ".") + "0") + "\n";
    const Finding finding = found(*recordingOf(slow), "sequential-awaits");
    EXPECT_DOUBLE_EQ(finding.value, 80) << "of 120 the longest, 40, would remain";
    EXPECT_EQ(finding.evidence.size(), 3u);
    EXPECT_THAT(kindsOf(one), Not(Contains("sequential-awaits")))
        << "a quarter of it is work of its own";
}

TEST(SequentialAwaits, NotWhereOthersWaitMeanwhile) {
    std::string text = "w0: RR" + times(3, times(40, ".") + "RR") + "\nw0/task: ab" +
                       times(3, times(40, ".") + "ab") + "\n";
    text += "a: R" + times(3, times(41, "I") + "R") + "\na/worker: 0" +
            times(3, times(41, ".") + "0") + "\n";
    text += "b: .R" + times(3, times(41, "I") + "R") + "\nb/worker: .0" +
            times(3, times(41, ".") + "0") + "\n";
    EXPECT_THAT(kindsOf({.sketch = text, .model = "event-loop"}),
                Not(Contains("sequential-awaits")));
}

} // namespace
} // namespace interleave::findings
