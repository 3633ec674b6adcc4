// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace interleave::analysis {
namespace {

using recording::Recording;

std::shared_ptr<const Recording> run(const char* model, const char* text,
                                     const char* parameter = "") {
    auto recording = std::make_shared<Recording>(*support::sketch(text));
    recording->info.model = model;
    if (*parameter != 0) {
        recording->info.parameters = {{"start", parameter}};
    }
    return recording;
}

TEST(Comparison, MeasuresSpeedUpAgainstSequential) {
    const std::vector<std::shared_ptr<const Recording>> runs{
        run("threads", "a: RRRRd\nb: RRRRd\n"), run("sequential", "a: RRRRd\nb: QQQQRRRRd\n")};
    const Comparison comparison = compare(runs);
    EXPECT_EQ(comparison.reference, 1u);
    EXPECT_DOUBLE_EQ(*comparison.rows[0].speedUp, 2.0);
    EXPECT_DOUBLE_EQ(*comparison.rows[1].speedUp, 1.0);
    EXPECT_DOUBLE_EQ(comparison.rows[0].runningShare, 1.0);
}

std::shared_ptr<const Recording> runOn(int cores, const char* model, const char* text) {
    auto recording = std::make_shared<Recording>(*run(model, text));
    recording->info.cores = cores;
    return recording;
}

TEST(Comparison, EfficiencyIsSpeedUpForEachProcessorThatCouldBeUsed) {
    const std::vector<std::shared_ptr<const Recording>> runs{
        runOn(2, "sequential", "w0: RRRRRRRR\nw0/task: aaaabbbb\na: RRRR\nb: QQQQRRRR\n"),
        runOn(2, "threads", "w0: RRRR\nw0/task: aaaa\nw1: RRRR\nw1/task: bbbb\na: RRRR\nb: RRRR\n"),
        runOn(2, "event-loop", "w0: RRRRRRRR\nw0/task: aaaabbbb\na: RRRR\nb: QQQQRRRR\n")};
    const Comparison comparison = compare(runs);
    EXPECT_DOUBLE_EQ(comparison.rows[1].efficiency.value(), 1.0);
    EXPECT_DOUBLE_EQ(comparison.rows[2].efficiency.value(), 1.0) << "one thread can use one core";
}

TEST(Comparison, ThereIsNoEfficiencyWhereWaitsOverlapOrTheReferenceHadMoreThanOneWorker) {
    const auto waits =
        runOn(2, "sequential", "w0: RIIIRIII\nw0/task: aaaabbbb\na: RIII\nb: QQQQRIII\n");
    const auto loop = runOn(2, "event-loop", "w0: RR...\nw0/task: ab...\na: RIII\nb: CRIII\n");
    const Comparison overlapping = compare(std::vector{waits, loop});
    EXPECT_GT(overlapping.rows[1].speedUp.value(), 1.0);
    EXPECT_FALSE(overlapping.rows[1].efficiency) << "it would be more than 100 % of one processor";
    EXPECT_FALSE(overlapping.rows[0].efficiency);
    const auto threads =
        runOn(2, "threads", "w0: RRRR\nw0/task: aaaa\nw1: RRRR\nw1/task: bbbb\na: RRRR\nb: RRRR\n");
    EXPECT_FALSE(compare(std::vector{threads, loop}).rows[1].efficiency);
}

TEST(Comparison, TellsRunsOfTheSameModelApart) {
    const std::vector<std::shared_ptr<const Recording>> runs{
        run("processes", "a: Rd", "fork"), run("processes", "a: Rd", "spawn"),
        run("processes", "a: Rd", "spawn"), run("threads", "a: Rd")};
    const Comparison comparison = compare(runs);
    EXPECT_THAT(comparison.rows[0].label, testing::HasSubstr("start=fork"));
    EXPECT_THAT(comparison.rows[2].label, testing::EndsWith("#2"));
    EXPECT_EQ(comparison.rows[3].label, "threads");
}

TEST(Comparison, AlignsItsTable) {
    const std::vector<std::shared_ptr<const Recording>> runs{run("sequential", "a: RRRRd"),
                                                             run("threads", "a: RRd")};
    const std::string table = comparisonTable(compare(runs));
    EXPECT_THAT(table, testing::HasSubstr("2.00x"));
    EXPECT_THAT(table, testing::HasSubstr("4.00 µs"));
    EXPECT_EQ(std::ranges::count(table, '\n'), 3);
    // The mu of µs has two bytes, so that line is one byte longer than it is wide.
    const auto firstEnd = table.find('\n');
    EXPECT_EQ(table.find('\n', firstEnd + 1) - firstEnd - 1, firstEnd + 1);
}

TEST(Comparison, OfNothingIsEmpty) {
    EXPECT_TRUE(compare({}).rows.empty());
    EXPECT_EQ(comparisonJson(compare({})), "[]\n");
}

TEST(Comparison, GivesJsonWithUnits) {
    const std::vector<std::shared_ptr<const Recording>> runs{run("sequential", "a: RRRRd")};
    const auto json = nlohmann::json::parse(comparisonJson(compare(runs)));
    EXPECT_DOUBLE_EQ(json[0]["makespan_s"].get<double>(), 4e-6);
    EXPECT_FALSE(json[0].contains("cpu_s"));
}

TEST(Comparison, PutsQueueTimesSideBySideWhereARunHadABroker) {
    recording::RecordingBuilder builder;
    builder.info() = {.scenario = "sketch", .model = "task-queue"};
    const TaskId task = builder.addTask({"a", "a", State::Done, 0, 9000});
    const ObjectId queue = builder.addObject({"tasks", "message-queue", 0});
    const auto add = [&](Nanoseconds ns, recording::MessageStep step, TaskId carried) {
        builder.addMessage({.timeNs = ns,
                            .message = carried ? 1U : 2U,
                            .step = step,
                            .object = queue,
                            .task = carried});
    };
    using enum recording::MessageStep;
    add(0, Queued, task);
    add(3000, Delivered, task);
    add(9000, Acked, task);
    add(0, Queued, {}); // a result: nobody's task lies in it
    add(8000, Delivered, {});
    const std::vector<std::shared_ptr<const Recording>> runs{run("threads", "a: RRRRd"),
                                                             builder.finish()};
    const Comparison comparison = compare(runs);
    const std::string table = comparisonTable(comparison);
    EXPECT_THAT(table, testing::HasSubstr("queue time  redelivered  lost\n"));
    EXPECT_THAT(table, testing::HasSubstr("3.00 µs            0     0\n"));
    EXPECT_THAT(table, testing::HasSubstr("-            -     -\n"));
    const auto json = nlohmann::json::parse(comparisonJson(comparison));
    EXPECT_FALSE(json[0].contains("redelivered"));
    EXPECT_DOUBLE_EQ(json[1]["task_queue_time_p50_s"].get<double>(), 3e-6);
    EXPECT_EQ(json[1]["lost"], 0);
}

} // namespace
} // namespace interleave::analysis
