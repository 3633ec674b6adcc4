// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommendation/recommendation.h"

#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace interleave::recommendation {
namespace {

constexpr Nanoseconds kMs = 1'000'000;

Workload workOf(std::uint64_t tasks, Nanoseconds computeMs, Nanoseconds waitMs,
                bool isPython = false) {
    const auto count = static_cast<Nanoseconds>(tasks);
    return {.tasks = tasks,
            .cores = 2,
            .computeNs = count * computeMs * kMs,
            .waitNs = count * waitMs * kMs,
            .criticalPathNs = (computeMs + waitMs) * kMs,
            .transferNs = 0,
            .isPython = isPython,
            .knowsCores = true};
}

TEST(Recommendation, WhatWaitsWaitsInAnEventLoop) {
    EXPECT_EQ(recommend(workOf(80, 0, 50)).best().model, "event-loop");
    EXPECT_EQ(recommend(workOf(80, 1, 200, true)).best().model, "python-asyncio");
}

TEST(Recommendation, WhatComputesTakesAllCores) {
    const Recommendation native = recommend(workOf(20, 25, 0));
    EXPECT_EQ(native.best().model, "threads");
    EXPECT_EQ(native.best().workers, 2);
    const Recommendation python = recommend(workOf(20, 100, 0, true));
    EXPECT_EQ(python.best().model, "python-processes");
    EXPECT_EQ(python.sureness, Sureness::High);
    EXPECT_NE(std::ranges::find(python.candidates, "python-threads", &Candidate::model),
              python.candidates.end());
}

TEST(Recommendation, ProcessesDoNotPayForAFewMilliseconds) {
    EXPECT_EQ(recommend(workOf(4, 2, 0, true)).best().model, "python-sequential");
}

TEST(Recommendation, IsNoSurerThanWhatIsKnown) {
    Workload work = workOf(20, 100, 0, true);
    work.transferNs.reset();
    const Recommendation unknown = recommend(work);
    EXPECT_EQ(unknown.sureness, Sureness::Medium);
    EXPECT_THAT(unknown.doubt, testing::HasSubstr("not known"));
    work = workOf(20, 100, 0, true);
    work.disturbedShare = 0.5;
    EXPECT_EQ(recommend(work).sureness, Sureness::Medium);
}

TEST(Recommendation, TransferCountsAgainstProcesses) {
    Workload work = workOf(20, 100, 0, true);
    work.transferNs = 5'000 * kMs;
    EXPECT_FALSE(recommend(work).best().model.ends_with("processes"));
}

TEST(Recommendation, OneTaskHasToBeDividedFirst) {
    const Recommendation one = recommend(workOf(1, 900, 0, true));
    EXPECT_EQ(one.best().model, "python-sequential");
    EXPECT_THAT(one.reasons, testing::Contains(testing::HasSubstr("divided")));
}

TEST(Recommendation, ALockLimitsEveryModel) {
    Workload work = workOf(12, 6, 8);
    work.lockHeldNs = 144 * kMs;
    const Recommendation locked = recommend(work);
    for (const Candidate& candidate : locked.candidates) {
        EXPECT_GE(candidate.estimatedNs, 144 * kMs) << candidate.model;
    }
    EXPECT_THAT(locked.reasons, testing::Contains(testing::HasSubstr("A lock is held")));
}

TEST(Recommendation, StartingIsEstimatedUntilARunHasMeasuredIt) {
    Workload work = workOf(20, 100, 0, true);
    const auto processesOf = [](const Recommendation& all) {
        return *std::ranges::find(all.candidates, "python-processes", &Candidate::model);
    };
    const Candidate guessed = processesOf(recommend(work));
    EXPECT_THAT(guessed.limit, testing::HasSubstr("20.0 ms each, estimated"));
    work.processStartNs = 900 * kMs;
    const Candidate measured = processesOf(recommend(work));
    EXPECT_THAT(measured.limit, testing::HasSubstr("900 ms each, measured"));
    EXPECT_EQ(measured.estimatedNs - guessed.estimatedNs, 2 * 880 * kMs);
    EXPECT_EQ(recommend(work).best().model, "python-sequential");
}

TEST(Recommendation, MeasuresWhatStartingAWorkerTook) {
    const auto recording =
        support::sketch("w0: ....RRRR\nw0/task: ....aaaa\nw1: ....RRRR\nw1/task: ....bbbb\n"
                        "a: SSSSRRRR\nb: SSSSRRRR\n",
                        kMs);
    const auto work = workloadOf(*recording);
    ASSERT_TRUE(work);
    EXPECT_EQ(work->threadStartNs, 2 * kMs) << "two of them delayed the run by 4 ms";
    EXPECT_FALSE(work->processStartNs) << "there were no processes to be made";
}

TEST(Recommendation, MeasuresTheWorkOfARecording) {
    auto recording = std::make_shared<recording::Recording>(
        *support::sketch("a: RRRIIIIII\nb: QQQRRRIIIIII\n", kMs));
    recording->info.cores = 2;
    const auto work = workloadOf(*recording);
    ASSERT_TRUE(work);
    EXPECT_EQ(work->tasks, 2u);
    EXPECT_EQ(work->computePerTaskNs(), 3 * kMs);
    EXPECT_EQ(work->waitPerTaskNs(), 6 * kMs);
    EXPECT_EQ(work->criticalPathNs, 9 * kMs);
    EXPECT_FALSE(work->transferNs) << "nothing was sent: what it would take is not known";
    EXPECT_FALSE(workloadOf(recording::Recording{}));
}

TEST(Recommendation, ProvesItByTheFirstTwo) {
    const Recommendation result = recommend(workOf(80, 1, 50));
    const auto json = nlohmann::json::parse(recommendationJson(result, "download-sites"));
    const std::string prove = json.at("prove");
    EXPECT_THAT(prove,
                testing::StartsWith("interleave run download-sites --model " +
                                    result.candidates[0].model + "," + result.candidates[1].model));
    EXPECT_EQ(json.at("model"), result.best().model);
    EXPECT_FALSE(json.at("reasons").empty());
    EXPECT_FALSE(nlohmann::json::parse(recommendationJson(result, "")).contains("prove"))
        << "a program that was recorded is no scenario";
    EXPECT_THAT(recommendationText(result, "a b.toml"), testing::HasSubstr("'a b.toml'"));
}

} // namespace
} // namespace interleave::recommendation
