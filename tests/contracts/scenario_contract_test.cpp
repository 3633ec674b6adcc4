// SPDX-License-Identifier: GPL-3.0-or-later
// Every shipped scenario under every model, its durations shortened: the tasks end as they do under
// sequential, and every check of contract_checks.h holds.
#include "engine/models/registry.h"
#include "tests/contracts/contract_checks.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <regex>
#include <tuple>

namespace interleave::models {

namespace {

constexpr double kShorter = 0.1;
/// This one is meant to deadlock wherever tasks overlap.
constexpr const char* kDeadlocks = "two-locks-deadlock";
/// Parents that await children fill a pool of threads or processes and starve them: the models say
/// so, and whether it comes to that depends on who is faster.
constexpr const char* kMayStarvePools = "nested";

std::vector<std::string> shippedIds() {
    std::vector<std::string> ids;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_SCENARIOS)) {
        if (entry.path().extension() == ".toml") {
            ids.push_back(entry.path().stem().string());
        }
    }
    std::ranges::sort(ids);
    return ids;
}

std::vector<std::string> modelIds() {
    std::vector<std::string> ids;
    for (const auto& model : allModels()) {
        if (model->info().brokerScheme.empty()) { // the others have their own tests
            ids.push_back(model->info().id);
        }
    }
    return ids;
}

/// The file's text with every duration and size a tenth as long; but the pauses that a deadlock
/// needs are longer.
std::string shortened(const std::string& id) {
    std::ifstream file(std::filesystem::path(INTERLEAVE_SCENARIOS) / (id + ".toml"));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (id == kDeadlocks) {
        // A second worker may take long to come on a busy machine; the first task waits for it.
        return std::regex_replace(text, std::regex("50 ms"), "1 s");
    }
    static const std::regex quantity(R"re("(\d+(?:\.\d+)?) (us|ms|s|kB|MB)\b)re");
    std::string result;
    auto from = text.cbegin();
    for (std::sregex_iterator at(text.begin(), text.end(), quantity), end; at != end; ++at) {
        result.append(from, (*at)[0].first);
        result += fmt::format("\"{:g} {}", std::stod((*at)[1]) * kShorter, (*at)[2].str());
        from = (*at)[0].second;
    }
    result.append(from, text.cend());
    return result;
}

int workersOf(const ModelRun& run) {
    return run.program.scenario->workers.value_or(2);
}

/// Messages, faults, and limits that only a task queue keeps.
bool needsBroker(const scenario::Program& program) {
    const auto publishes = [](const scenario::Action& action) {
        return action.kind == scenario::Action::Kind::Publish;
    };
    const auto isLimited = [](const scenario::TaskTemplate& task) {
        const scenario::DeliveryOptions& delivery = task.delivery;
        return delivery.expiresNs > 0 || delivery.softLimitNs > 0 || delivery.hardLimitNs > 0;
    };
    return !program.scenario->faults.empty() ||
           std::ranges::any_of(program.scenario->tasks, isLimited) ||
           std::ranges::any_of(program.tasks, [&](const scenario::Task& task) {
               return std::ranges::any_of(task.actions, publishes);
           });
}

class ScenarioContract : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

} // namespace

TEST_P(ScenarioContract, HoldsAndEndsAsUnderSequential) {
    const auto& [modelId, scenarioId] = GetParam();
    const std::string text = shortened(scenarioId);
    const scenario::Program program = programOf(text);
    const int workers = program.scenario->workers.value_or(2);
    if (const auto can = (*findModel(modelId))->canRun(program, defaultsOf(**findModel(modelId)));
        !can) {
        EXPECT_TRUE(needsBroker(program)) << can.error().message;
        EXPECT_THAT(can.error().message, testing::HasSubstr("test.toml:"));
        return;
    }
    const ModelRun run = runModel(**findModel(modelId), text,
                                  {.workers = workers, .programPath = INTERLEAVE_PROGRAM});
    ASSERT_TRUE(run.outcome.has_value()) << run.outcome.error().message;
    EXPECT_THAT(allFaults(run), testing::IsEmpty());
    if (scenarioId == kDeadlocks && !isSequential(modelId)) {
        EXPECT_THAT(run.outcome->deadlock,
                    testing::AllOf(testing::HasSubstr("\"knife\""), testing::HasSubstr("\"board\""),
                                   testing::HasSubstr("\"first cook\""),
                                   testing::HasSubstr("\"second cook\"")));
        EXPECT_EQ(run.countEnds(State::Cancelled), 2u);
        return;
    }
    if (scenarioId == kMayStarvePools && !run.outcome->deadlock.empty()) {
        EXPECT_THAT(run.outcome->deadlock, testing::HasSubstr("waiting tasks take every worker"));
        return;
    }
    if (scenarioId == "producer-consumer" && isSequential(modelId)) {
        EXPECT_THAT(run.outcome->deadlock, testing::HasSubstr("\"counter\""))
            << "one worker can't fill a queue that nobody empties meanwhile";
        return;
    }
    EXPECT_EQ(run.outcome->deadlock, "");
    if (needsBroker(program)) {
        return; // what ends how is up to what its broker does, and has tests of its own
    }
    if (modelId != "sequential" && scenarioId != "producer-consumer" && scenarioId != kDeadlocks) {
        const ModelRun reference =
            runModel(**findModel("sequential"), text, {.workers = workersOf(run)});
        EXPECT_EQ(endsOf(run), endsOf(reference));
    }
    EXPECT_EQ(run.countEnds(State::Cancelled), 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, ScenarioContract,
                         testing::Combine(testing::ValuesIn(modelIds()),
                                          testing::ValuesIn(shippedIds())),
                         [](const auto& each) {
                             return testNameOf(std::get<0>(each.param)) + "_with_" +
                                    testNameOf(std::get<1>(each.param));
                         });

} // namespace interleave::models
