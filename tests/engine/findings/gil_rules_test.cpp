// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/findings/found.h"

namespace interleave::findings {
namespace {

using testing::Contains;
using testing::Not;

/// Two tasks that compute in turn, five milliseconds each.
RunOf takingTurns() {
    const std::string a = times(6, "RRRRRGGGGG");
    const std::string b = times(6, "GGGGGRRRRR");
    const std::string hold = times(6, "aaaaabbbbb");
    return {.sketch = "w0: " + a + "\nw0/task: " + times(60, "a") + "\nw1: " + b + "\nw1/task: " +
                      times(60, "b") + "\na: " + a + "\na/worker: " + times(60, "0") + "\nb: " + b +
                      "\nb/worker: " + times(60, "1") + "\ngil GIL: " + hold + "\n",
            .model = "gil-threads"};
}

TEST(GilSerialised, TasksThatComputeInTurn) {
    const auto recording = recordingOf(takingTurns());
    const Finding finding = found(*recording, "gil-serialised");
    EXPECT_DOUBLE_EQ(finding.value, 0.5);
    EXPECT_EQ(finding.severity, Severity::Problem);
    ASSERT_FALSE(finding.evidence.empty());
    EXPECT_EQ(finding.evidence.front().range.durationNs(), 5 * kMs);
    EXPECT_EQ(finding.tryIt, (Cure{{"model", "processes"}}));
    EXPECT_THAT(finding.message, testing::HasSubstr("60.0 ms"));
    EXPECT_THAT(kindsIn(*recording), Contains("cpu-bound-in-threads"));
}

TEST(GilSerialised, NotOnOneCore) {
    RunOf run = takingTurns();
    run.cores = 1;
    EXPECT_THAT(kindsOf(run), Not(Contains("gil-serialised")));
    EXPECT_THAT(kindsOf(run), Not(Contains("cpu-bound-in-threads")));
}

TEST(GilSerialised, NotWhereOneTaskHasNearlyAllOfTheComputing) {
    const RunOf run{.sketch = "a: " + times(60, "R") + "\na/worker: " + times(60, "0") +
                              "\nb: " + times(20, "IGG") + "\nb/worker: " + times(60, "1") +
                              "\nw0: " + times(60, "R") + "\nw1: " + times(60, "I") +
                              "\ngil GIL: " + times(60, "a") + "\n",
                    .model = "gil-threads"};
    EXPECT_THAT(kindsOf(run), Not(Contains("gil-serialised")));
}

TEST(GilSerialised, NotWhereNobodyWaitsForTheLock) {
    const RunOf run{.sketch = "w0: RRRRIIII\nw0/task: aaaaaaaa\nw1: IIIIRRRR\nw1/task: bbbbbbbb\n"
                              "a: RRRRIIII\na/worker: 00000000\nb: IIIIRRRR\nb/worker: 11111111\n"
                              "gil GIL: aaaabbbb\n",
                    .model = "gil-threads"};
    EXPECT_THAT(kindsOf(run), Not(Contains("gil-serialised")));
    EXPECT_THAT(kindsOf(run), Not(Contains("cpu-bound-in-threads")));
}

/// A task that asks again and again, beside one that computes.
RunOf chatterBesideCruncher(std::string_view round, int rounds) {
    const std::string chat = times(rounds, round);
    const auto length = static_cast<int>(chat.size());
    return {.sketch = "w0: " + times(length, "R") + "\nw0/task: " + times(length, "a") +
                      "\na: " + times(length, "R") + "\na/worker: " + times(length, "0") +
                      "\nw1: " + chat + "\nw1/task: " + times(length, "b") + "\nb: " + chat +
                      "\nb/worker: " + times(length, "1") + "\ngil GIL: " + times(length, "a") +
                      "\n",
            .model = "gil-threads"};
}

TEST(GilConvoy, AnIoTaskWaitsAnIntervalEachTimeItComesBack) {
    const auto recording = recordingOf(chatterBesideCruncher("IIGGGGGR", 10));
    const Finding finding = found(*recording, "gil-convoy");
    EXPECT_DOUBLE_EQ(finding.value, 5);
    EXPECT_EQ(finding.unit, "ms");
    EXPECT_EQ(finding.evidence.size(), 10u);
    EXPECT_EQ(finding.tryIt.front().first, "switch_interval");
}

TEST(GilConvoy, NotByChanceAndNotWhereItComputesMuchItself) {
    EXPECT_THAT(kindsOf(chatterBesideCruncher("IIGGGGGR", 4)), Not(Contains("gil-convoy")));
    EXPECT_THAT(kindsOf(chatterBesideCruncher("IIGGRRRR", 10)), Not(Contains("gil-convoy")));
    EXPECT_THAT(kindsOf(chatterBesideCruncher("IIIIR", 10)), Not(Contains("gil-convoy")));
}

TEST(GilLongHold, NativeCodeThatKeepsTheLock) {
    const RunOf run{.sketch = "w0: " + times(40, "R") + "\na: " + times(40, "R") + "\nb: RR" +
                              times(36, "G") + "RR\ngil GIL: bb" + times(36, "a") + "bb\n",
                    .model = "python"};
    const Finding finding = found(*recordingOf(run), "gil-long-hold");
    EXPECT_DOUBLE_EQ(finding.value, 36);
    EXPECT_THAT(finding.message, testing::HasSubstr("a held"));
}

TEST(GilLongHold, NotWhereNobodyWantsItAndNotWhenItIsHandedOver) {
    const RunOf alone{.sketch = "w0: " + times(40, "R") + "\na: " + times(40, "R") +
                                "\ngil GIL: " + times(40, "a") + "\n",
                      .model = "python"};
    EXPECT_THAT(kindsOf(alone), Not(Contains("gil-long-hold")));
    EXPECT_THAT(kindsOf(takingTurns()), Not(Contains("gil-long-hold")));
}

TEST(GilLongHold, IsMeasuredAgainstTheSwitchInterval) {
    RunOf run{.sketch = "w0: " + times(40, "R") + "\na: " + times(40, "R") + "\nb: RR" +
                        times(36, "G") + "RR\ngil GIL: bb" + times(36, "a") + "bb\n",
              .model = "gil-threads"};
    auto recording = std::make_shared<recording::Recording>(*recordingOf(run));
    recording->info.parameters = {{"switch_interval", "20 ms"}};
    EXPECT_THAT(kindsIn(*recording), Not(Contains("gil-long-hold")));
}

} // namespace
} // namespace interleave::findings
