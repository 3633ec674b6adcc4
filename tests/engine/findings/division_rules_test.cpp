// SPDX-License-Identifier: GPL-3.0-or-later
// How the work was divided, and what the model costs.
#include "tests/engine/findings/found.h"

namespace interleave::findings {
namespace {

using testing::Contains;
using testing::Not;

/// Workers that do their tasks one after the other; a task is its length in milliseconds.
std::shared_ptr<const recording::Recording> divided(const std::vector<std::vector<int>>& workers,
                                                    State state = State::Running,
                                                    const char* model = "threads",
                                                    std::uint32_t firstPid = 0) {
    recording::RecordingBuilder builder;
    builder.info() = {.scenario = "divided", .model = model, .cores = 2};
    Nanoseconds end = 0;
    for (const auto& tasks : workers) {
        Nanoseconds sum = 0;
        for (const int length : tasks) {
            sum += length * kMs;
        }
        end = std::max(end, sum);
    }
    for (std::uint32_t w = 1; w <= workers.size(); ++w) {
        builder.addWorker({.name = "w", .pid = firstPid == 0 ? 7 : firstPid + w, .life = {0, end}});
        Nanoseconds at = 0;
        for (const int length : workers[w - 1]) {
            const Nanoseconds until = at + length * kMs;
            const TaskId task = builder.addTask({"t", "t", State::Done, 0, until});
            const recording::Span span{
                .range = {at, until}, .state = state, .task = task, .worker = WorkerId{w}};
            if (at > 0) {
                builder.addTaskSpan({.range = {0, at}, .state = State::Queued, .task = task});
            }
            builder.addTaskSpan(span);
            builder.addWorkerSpan(span);
            at = until;
        }
    }
    builder.addCounter({.name = "rss", .unit = "bytes", .subject = 1, .time = {0}, .value = {9e7}});
    return builder.finish();
}

TEST(UnevenFinish, OneLongTaskAtTheEnd) {
    const auto recording = divided({{6, 6, 6, 60}, {6, 6, 6}});
    const Finding finding = found(*recording, "uneven-finish");
    EXPECT_DOUBLE_EQ(finding.value, 60);
    EXPECT_EQ(finding.evidence.size(), 1u);
}

TEST(UnevenFinish, NotWhereAllEndTogetherOrTasksAreAlike) {
    EXPECT_THAT(kindsIn(*divided({{20, 20}, {20, 19}})), Not(Contains("uneven-finish")));
    EXPECT_THAT(kindsIn(*divided({{10, 10, 10}, {10}})), Not(Contains("uneven-finish")))
        << "the tail is no task that is longer than others";
}

TEST(TooFewWorkers, AllWaitWhileTasksQueue) {
    const auto recording = divided({{10, 10, 10, 10}, {10, 10, 10, 10}}, State::WaitingIo);
    const Finding finding = found(*recording, "too-few-workers");
    EXPECT_DOUBLE_EQ(finding.value, 0.75);
    EXPECT_EQ(finding.tryIt, (Cure{{"workers", "8"}}));
}

TEST(TooFewWorkers, NotWhereTheyComputeAndNotWhereNobodyQueues) {
    EXPECT_THAT(kindsIn(*divided({{10, 10, 10}, {10, 10, 10}})), Not(Contains("too-few-workers")));
    EXPECT_THAT(kindsIn(*divided({{30}, {30}}, State::WaitingIo)),
                Not(Contains("too-few-workers")));
}

TEST(TooFewWorkers, OfASequentialRunIsAMatterOfTheModel) {
    const auto recording = divided({{10, 10, 10, 10}}, State::WaitingIo, "sequential");
    EXPECT_EQ(found(*recording, "too-few-workers").tryIt, (Cure{{"model", "event-loop"}}));
}

TEST(ProcessesForIo, ManyProcessesThatWait) {
    const auto waiting = divided({{10}, {10}, {10}}, State::WaitingIo, "processes", 100);
    const Finding finding = found(*waiting, "processes-for-io");
    EXPECT_DOUBLE_EQ(finding.value, 90);
    EXPECT_EQ(finding.unit, "MB");
    EXPECT_THAT(kindsIn(*divided({{10}, {10}, {10}}, State::WaitingIo)),
                Not(Contains("processes-for-io")))
        << "threads";
    EXPECT_THAT(kindsIn(*divided({{10}, {10}, {10}}, State::Running, "processes", 100)),
                Not(Contains("processes-for-io")));
}

/// Four workers that take turns on two cores, or on four.
RunOf slices(int cores) {
    std::string text;
    const std::string first = times(6, "RRCC");
    const std::string second = times(6, "CCRR");
    for (int i = 0; i < 4; ++i) {
        const std::string& states = i < 2 ? first : second;
        const char name = static_cast<char>('a' + i);
        text += fmt::format("w{}: {}\nw{}/task: {}\n{}: {}\n{}/worker: {}\n", i, states, i,
                            std::string(24, name), name, states, name,
                            std::string(24, static_cast<char>('0' + i)));
    }
    text += "core 0: " + times(6, "aacc") + "\ncore 1: " + times(6, "bbdd") + "\n";
    return {.sketch = text, .cores = cores};
}

TEST(Oversubscribed, MoreComputeThanThereAreCores) {
    const Finding finding = found(*recordingOf(slices(2)), "oversubscribed");
    EXPECT_DOUBLE_EQ(finding.value, 0.5);
    EXPECT_EQ(finding.tryIt, (Cure{{"workers", "2"}}));
    EXPECT_THAT(kindsOf(slices(2)), Not(Contains("other-programs")));
}

TEST(OtherPrograms, TookTheCoresThatTheRunDidNotUse) {
    EXPECT_THAT(kindsOf(slices(4)), Contains("other-programs"));
    EXPECT_THAT(kindsOf(slices(4)), Not(Contains("oversubscribed")));
}

TEST(TransferDominates, MoreOnTheWayThanAtWork) {
    EXPECT_THAT(kindsOf({.sketch = "a: TTTTTTTTTTTTRRR\n", .model = "processes"}),
                Contains("transfer-dominates"));
    EXPECT_THAT(kindsOf({.sketch = "a: TTTTTTTTTTTTRRRRRRRRRRRRRRRRRRRRRRRRRR\n"}),
                Not(Contains("transfer-dominates")));
    EXPECT_THAT(kindsOf({.sketch = "a: TTTR\n"}), Not(Contains("transfer-dominates")))
        << "three milliseconds are not felt";
}

TEST(StartupDominates, TheRunWaitsForItsWorkers) {
    const auto recording =
        recordingOf({.sketch = "a: SSSSSSSSSSRRRRRRRRRR\nb: SSSSSSSSSSRRRRRRRRRR\n"});
    const Finding finding = found(*recording, "startup-dominates");
    EXPECT_DOUBLE_EQ(finding.value, 10);
    EXPECT_THAT(kindsOf({.sketch = "a: S" + times(30, "R") + "\n"}),
                Not(Contains("startup-dominates")));
}

/// Tasks of 20 us; a worker needs that long on top to get one, or nearly nothing.
std::shared_ptr<const recording::Recording> crumbs(Nanoseconds workNs, Nanoseconds handOutNs) {
    recording::RecordingBuilder builder;
    builder.info() = {.scenario = "crumbs", .model = "processes", .cores = 2};
    constexpr int kCount = 200;
    const WorkerId worker =
        builder.addWorker({.name = "w", .life = {0, kCount * (workNs + handOutNs)}});
    for (int i = 0; i < kCount; ++i) {
        const Nanoseconds at = i * (workNs + handOutNs) + handOutNs;
        const TaskId task = builder.addTask({"t", "t", State::Done, 0, at + workNs});
        builder.addTaskSpan({.range = {0, at}, .state = State::Queued, .task = task});
        const recording::Span span{
            .range = {at, at + workNs}, .state = State::Running, .task = task, .worker = worker};
        builder.addTaskSpan(span);
        builder.addWorkerSpan(span);
    }
    return builder.finish();
}

TEST(TasksTooSmall, HandingThemOutTakesAsLong) {
    const Finding finding = found(*crumbs(20'000, 20'000), "tasks-too-small");
    EXPECT_NEAR(finding.value, 1, 0.01);
    EXPECT_THAT(kindsIn(*crumbs(20'000, 1'000)), Not(Contains("tasks-too-small")));
    EXPECT_THAT(kindsIn(*crumbs(2'000'000, 2'000'000)), Not(Contains("tasks-too-small")));
}

TEST(NearIdeal, AllCoresAreBusyToTheEnd) {
    const auto recording = divided({{10, 10}, {10, 9}});
    const Finding finding = found(*recording, "near-ideal");
    EXPECT_NEAR(finding.value, 20 / 19.5, 1e-9);
    EXPECT_EQ(findingsOf(*recording).size(), 1u) << "nothing else is said of it";
}

TEST(NearIdeal, NotWhereThereIsSomethingToMend) {
    EXPECT_THAT(kindsIn(*divided({{6, 6, 6, 60}, {6, 6, 6}})), Not(Contains("near-ideal")));
    EXPECT_THAT(kindsIn(*divided({{10, 10, 10}, {10}})), Not(Contains("near-ideal")));
}

TEST(Findings, OfNothingAreNone) {
    EXPECT_TRUE(findingsOf(recording::Recording{}).empty());
    EXPECT_EQ(findingsText({}), "Nothing stands out.\n");
    EXPECT_EQ(findingsJson(recording::Recording{}, {}), "[]\n");
}

TEST(Findings, HaveTheKeysOfTheContract) {
    const auto recording = divided({{6, 6, 6, 60}, {6, 6, 6}});
    const std::string json = findingsJson(*recording, findingsOf(*recording));
    for (const char* key :
         {"\"kind\": \"uneven-finish\"", "\"severity\": \"warning\"",
          "\"message\": ", "\"cause\": ", "\"cure\": ", "\"value\": 60.0", "\"unit\": \"ms\"",
          "\"track_kind\": \"worker\"", "\"begin_ns\": ", "\"end_ns\": 78000000", "\"try\": {}"}) {
        EXPECT_THAT(json, testing::HasSubstr(key));
    }
}

} // namespace
} // namespace interleave::findings
