// SPDX-License-Identifier: GPL-3.0-or-later
// Stop ends a run soon, whatever its tasks are in; what was not ended is cancelled. The promise is
// 200 ms; the bound here is wider, since tests run side by side, some under sanitizers.
#include "engine/models/registry.h"
#include "tests/contracts/contract_checks.h"

#include <gmock/gmock.h>
#include <map>
#include <tuple>

namespace interleave::models {

namespace {

constexpr Nanoseconds kBound = 1'000'000'000;

const std::map<std::string, std::string>& endless() {
    static const std::map<std::string, std::string> texts{
        {"computing", R"([[task]]
                         name = "a"
                         count = 4
                         steps = [ { compute = "1000 s" } ])"},
        {"waiting for an answer", R"([[task]]
                                     name = "a"
                                     count = 4
                                     steps = [ { io = "1000 s" } ])"},
        {"sleeping", R"([[task]]
                        name = "a"
                        count = 4
                        steps = [ { sleep = "1000 s" } ])"},
        {"waiting for a lock", R"([[lock]]
                                  name = "knife"
                                  [[task]]
                                  name = "a"
                                  count = 4
                                  steps = [ { lock = "knife", steps = [
                                              { sleep = "1000 s" } ] } ])"},
        {"waiting for an item", R"([[queue]]
                                   name = "box"
                                   [[task]]
                                   name = "cook"
                                   steps = [ { sleep = "1000 s" }, { put = "box" } ]
                                   [[task]]
                                   name = "waiter"
                                   count = 2
                                   steps = [ { get = "box" } ])"},
        {"still to come", R"([[task]]
                             name = "a"
                             count = 4
                             every = "1000 s"
                             steps = [ { compute = "1 us" } ])"},
        {"before a retry", R"([[task]]
                              name = "a"
                              count = 2
                              retries = 5
                              retry_delay = "1000 s"
                              steps = [ { fail = "always" } ])"},
    };
    return texts;
}

std::vector<std::string> whens() {
    std::vector<std::string> keys;
    for (const auto& [key, text] : endless()) {
        keys.push_back(key);
    }
    return keys;
}

std::vector<std::string> models() {
    std::vector<std::string> ids;
    for (const auto& model : allModels()) {
        if (model->info().brokerScheme.empty()) { // the others have their own tests
            ids.push_back(model->info().id);
        }
    }
    return ids;
}

class StopContract : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

} // namespace

TEST_P(StopContract, EndsTheRunAndCancelsWhatHasNotEnded) {
    const auto& [modelId, when] = GetParam();
    const ModelRun run = runModel(
        **findModel(modelId), "name = \"t\"\n" + endless().at(when),
        {.workers = 3,
         // An interpreter takes a while to come up.
         .stopAfter = std::chrono::milliseconds(modelId.starts_with("python-") ? 400 : 100),
         .programPath = INTERLEAVE_PROGRAM});
    ASSERT_TRUE(run.outcome.has_value()) << run.outcome.error().message;
    EXPECT_LT(run.stopTookNs, kBound);
    EXPECT_GE(run.stopTookNs, 0) << "it has not ended by itself";
    EXPECT_EQ(run.outcome->deadlock, "");
    EXPECT_THAT(endFaults(run), testing::IsEmpty());
    EXPECT_THAT(run.illegalTransitions(), testing::IsEmpty());
    EXPECT_GT(run.countEnds(State::Cancelled), 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, StopContract,
                         testing::Combine(testing::ValuesIn(models()), testing::ValuesIn(whens())),
                         [](const auto& each) {
                             return testNameOf(std::get<0>(each.param)) + "_" +
                                    testNameOf(std::get<1>(each.param));
                         });

} // namespace interleave::models
