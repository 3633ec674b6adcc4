// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/statistics_json.h"

#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace interleave::analysis {
namespace {

nlohmann::ordered_json jsonOf(const recording::Recording& recording) {
    return nlohmann::ordered_json::parse(statisticsJson(recording, statisticsOf(recording)));
}

TEST(StatisticsJson, HasTheKeysOfTheContract) {
    const auto json = jsonOf(*support::demoRecording());
    for (const char* const key :
         {"scenario", "model", "source", "workers", "cores", "seed", "makespan_s",
          "parallelism_max", "parallelism_mean", "peak_rss_bytes", "tasks", "states_s",
          "states_share", "switches", "locks", "queues", "processes", "diagnostics"}) {
        EXPECT_TRUE(json.contains(key)) << key;
    }
    EXPECT_EQ(json["source"], "simulated");
    EXPECT_EQ(json["tasks"]["total"], 10);
    for (const char* const key :
         {"name", "kind", "holds", "hold_s", "waits", "wait_s", "wait_p50_s", "wait_p99_s",
          "handoffs", "forced_handoffs", "max_waiters", "fairness_jain"}) {
        EXPECT_TRUE(json["locks"][0].contains(key)) << key;
    }
    double shares = 0;
    for (const auto& [state, share] : json["states_share"].items()) {
        shares += share.get<double>();
    }
    EXPECT_NEAR(shares, 1.0, 1e-9);
}

TEST(StatisticsJson, LeavesOutWhatIsNotKnown) {
    const auto json = jsonOf(*support::sketch("a: QQx\nlock stove: aa\n"));
    for (const char* const key : {"cpu_s", "parallelism_mean", "peak_rss_bytes", "switches"}) {
        EXPECT_FALSE(json.contains(key)) << key;
    }
    EXPECT_FALSE(json["locks"][0].contains("wait_p50_s"));
    EXPECT_FALSE(json["locks"][0].contains("held_off_core_s"));
    EXPECT_DOUBLE_EQ(json["states_s"]["queued"].get<double>(), 2e-6);
    EXPECT_DOUBLE_EQ(json["states_s"]["running"].get<double>(), 0);
}

} // namespace
} // namespace interleave::analysis
