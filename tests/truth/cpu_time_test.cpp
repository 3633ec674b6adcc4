// SPDX-License-Identifier: GPL-3.0-or-later
// `running` is CPU time: what the recording draws is what the kernel accounts, for every thread.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>

namespace interleave::truth {
namespace {

class EveryModel : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EveryModel, DrawsAsRunningWhatTheKernelAccountsAsCpuTime) {
    expectWithinThreeTries([]() -> std::string {
        const auto& [scenario, model] = GetParam();
        const MeasuredRun run = measure(scenario, model);
        std::map<std::string, double> drawn;
        for (const SpanRow& span : run.spans) {
            if (span.trackKind == "worker" && span.state == "running") {
                drawn[span.track] += static_cast<double>(span.durationNs()) * 1e-9;
            }
        }
        const auto& threads = run.stats.at("threads");
        if (threads.empty()) {
            return "no thread has a CPU time";
        }
        for (const auto& thread : threads) {
            const std::string name = thread.at("name");
            const double accounted = thread.at("cpu_s");
            const double difference = std::abs(drawn[name] - accounted);
            if (difference > std::max(0.001, 0.02 * accounted)) {
                return fmt::format("{}: drawn {:.6f} s, accounted {:.6f} s", name, drawn[name],
                                   accounted);
            }
        }
        return "";
    });
}

INSTANTIATE_TEST_SUITE_P(
    Runs, EveryModel,
    testing::Values(std::pair("mixed", "sequential"), std::pair("sum-of-squares", "threads"),
                    std::pair("mixed", "threads"), std::pair("mixed", "gil-threads"),
                    std::pair("mixed", "processes"), std::pair("mixed", "event-loop"),
                    std::pair("mixed", "event-loop+pool"), std::pair("uneven", "work-stealing")),
    [](const auto& instance) {
        std::string name = std::string(instance.param.first) + "_" + instance.param.second;
        std::ranges::replace_if(
            name, [](char c) { return c == '-' || c == '+'; }, '_');
        return name;
    });

} // namespace
} // namespace interleave::truth
