// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/run_choice.h"

#include "engine/models/registry.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace interleave::models {
namespace {

const RunChoice kGilThreads{"gil-threads", 4, {{"switch_interval", "1 ms"}}};

TEST(RunChoice, ChangesWhatACureNames) {
    const RunChoice cured = changed(kGilThreads, {{"workers", "8"}, {"switch_interval", "500 µs"}});
    EXPECT_EQ(cured.workers, 8);
    ASSERT_EQ(cured.settings.size(), 1u);
    EXPECT_EQ(cured.settings[0].second, "500 µs");
    EXPECT_EQ(changesText(kGilThreads, cured), "workers 4 → 8, switch_interval 1 ms → 500 µs");
}

TEST(RunChoice, AnotherModelKeepsOnlyTheSettingsThatItKnows) {
    const RunChoice processes = changed(kGilThreads, {{"model", "processes"}});
    EXPECT_EQ(processes.model, "processes");
    EXPECT_EQ(processes.workers, 4);
    EXPECT_TRUE(processes.settings.empty());
    EXPECT_EQ(changesText(kGilThreads, processes), "model gil-threads → processes");
}

TEST(RunChoice, WhatARecordingSaysBesideItsSettingsIsLeftOut) {
    const RunChoice choice =
        changed({"task-queue", 2, {{"broker", "memory"}, {"prefetch", "4"}}}, {});
    ASSERT_EQ(choice.settings.size(), 1u);
    EXPECT_EQ(choice.settings[0].first, "prefetch");
}

TEST(RunChoice, WhatWasNotSetIsItsDefault) {
    const RunChoice before{"task-queue", 2, {}};
    const RunChoice after = changed(before, {{"acks", "late"}, {"prefetch", "1"}});
    const auto& parameters = (*findModel("task-queue"))->info().parameters;
    const auto prefetch = std::ranges::find(parameters, "prefetch", &ParameterInfo::key);
    ASSERT_NE(prefetch, parameters.end());
    EXPECT_NE(changesText(before, after).find("prefetch " + prefetch->defaultValue + " → 1"),
              std::string::npos)
        << changesText(before, after);
    EXPECT_EQ(changesText(before, before), "");
}

} // namespace
} // namespace interleave::models
