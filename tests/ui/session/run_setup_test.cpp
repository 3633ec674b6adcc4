// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/run_setup.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(RunSetup, BecomesTheCommandLineOfTheRunner) {
    RunSetup setup;
    setup.scenario = QStringLiteral("my dishes.toml");
    setup.model = QStringLiteral("gil-threads");
    setup.workers = 3;
    setup.settings = {{"switch_interval", "1 ms"}};
    EXPECT_EQ(
        setup.arguments(QStringLiteral("/s"), QStringLiteral("/s/run.ilv")),
        (QStringList{"run", "my dishes.toml", "--model", "gil-threads", "--workers", "3", "--set",
                     "switch_interval=1 ms", "--session", "/s", "-o", "/s/run.ilv"}));
}

TEST(RunSetup, LeavesTheNumberOfWorkersToTheRunnerWhenItIsNotGiven) {
    RunSetup setup;
    setup.scenario = QStringLiteral("mixed");
    setup.model = QStringLiteral("sequential");
    EXPECT_FALSE(setup.arguments(QString(), QString()).contains(QStringLiteral("--workers")));
}

// Arguments of a process can be read by everybody on the machine.
TEST(RunSetup, KeepsThePasswordOutOfArgumentsAndTexts) {
    RunSetup setup;
    setup.scenario = QStringLiteral("mixed");
    setup.model = QStringLiteral("pubsub");
    setup.broker = QStringLiteral("amqp://ann@host:5672/v");
    setup.brokerPassword = QStringLiteral("s3cret/@");
    EXPECT_EQ(setup.brokerUrl(), QStringLiteral("amqp://ann:s3cret%2F%40@host:5672/v"));
    EXPECT_FALSE(setup.arguments("/s", "/r").join(' ').contains("s3cret"));
    EXPECT_FALSE(setup.description().contains("s3cret"));
    EXPECT_TRUE(summaryOf(setup).contains("amqp://ann@host:5672/v"));
    EXPECT_FALSE(summaryOf(setup).contains("s3cret"));
    setup.broker = QStringLiteral("memory");
    EXPECT_TRUE(setup.brokerUrl().isEmpty());
}

} // namespace
} // namespace interleave::ui
