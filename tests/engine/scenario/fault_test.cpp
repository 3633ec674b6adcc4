// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

Fault faultOf(std::string_view text) {
    const auto fault = parseFault(text);
    EXPECT_TRUE(fault) << fault.error().message;
    return fault.value_or(Fault{});
}

TEST(FaultText, SaysKindTargetTimeAndLength) {
    const Fault kill = faultOf("kill-worker:2@300ms");
    EXPECT_EQ(kill.kind, Fault::Kind::KillWorker);
    EXPECT_EQ(kill.target, 2u);
    EXPECT_EQ(kill.atNs, 300'000'000);
    EXPECT_EQ(kill.lengthNs, 0);
    const Fault stop = faultOf("stop-broker@1s+500ms");
    EXPECT_EQ(stop.kind, Fault::Kind::StopBroker);
    EXPECT_EQ(stop.target, 0u);
    EXPECT_EQ(stop.lengthNs, 500'000'000);
    EXPECT_EQ(faultOf("cut-connection@0s").kind, Fault::Kind::CutConnection);
}

TEST(FaultText, IsReadAsItIsWritten) {
    for (const char* text : {"kill-worker@300ms", "kill-worker:7@1.5s", "stop-broker@1s+500ms",
                             "slow-consumer:1@20\u00b5s+20ms", "cut-connection:3@86400s"}) {
        EXPECT_EQ(textOf(faultOf(text)), text);
    }
    EXPECT_EQ(textOf(faultOf("kill-worker@300 ms")), "kill-worker@300ms");
}

TEST(FaultText, NamesWhatIsWrong) {
    const auto messageOf = [](std::string_view text) {
        const auto fault = parseFault(text);
        EXPECT_FALSE(fault) << text;
        return fault ? std::string() : fault.error().message;
    };
    using testing::StartsWith;
    EXPECT_EQ(messageOf("kill-worker"),
              "\"kill-worker\" is not a fault: it does not say when; a fault is written "
              "KIND[:TARGET]@WHEN[+LENGTH], such as kill-worker:2@300ms or stop-broker@1s+500ms.");
    EXPECT_THAT(messageOf("kill-wroker@1s"),
                StartsWith("\"kill-wroker@1s\" is not a fault: \"kill-wroker\" is none of "
                           "kill-worker, stop-broker, slow-consumer and cut-connection; "));
    EXPECT_THAT(messageOf("kill-worker@"), testing::HasSubstr("does not begin with a number"));
    EXPECT_THAT(messageOf("kill-worker@5"), testing::HasSubstr("has no unit"));
    EXPECT_THAT(messageOf("kill-worker@1s\u00b15%"), testing::HasSubstr("varies"));
    EXPECT_THAT(messageOf("kill-worker:0@1s"), testing::HasSubstr("\"0\" is no number of a "));
    EXPECT_THAT(messageOf("kill-worker:x@1s"), testing::HasSubstr("\"x\" is no number of a "));
    EXPECT_THAT(messageOf("kill-worker:99999999999@1s"), testing::HasSubstr("is no number of a "));
    EXPECT_THAT(messageOf("kill-worker@1s+1s"), testing::HasSubstr("kill-worker has no length"));
    EXPECT_THAT(messageOf("stop-broker:1@1s+1s"), testing::HasSubstr("stop-broker has no target"));
    EXPECT_THAT(messageOf("stop-broker@1s"), testing::HasSubstr("needs a length above 0"));
    EXPECT_THAT(messageOf("stop-broker@1s+0s"), testing::HasSubstr("needs a length above 0"));
    EXPECT_THAT(messageOf("stop-broker@1s+-1s"), testing::HasSubstr("is negative"));
    EXPECT_THAT(messageOf(""), testing::HasSubstr("does not say when"));
}

TEST(FaultTables, AreSortedByTime) {
    const auto scenario = parseScenario("[[fault]]\ndo = \"stop-broker\"\nat = \"2 s\"\n"
                                        "length = \"100 ms\"\n"
                                        "[[fault]]\ndo = \"kill-worker\"\nat = \"1 s\"\n"
                                        "target = 3\n"
                                        "[[task]]\nname = \"t\"\nsteps = []\n",
                                        "f.toml");
    ASSERT_TRUE(scenario) << scenario.error().message;
    ASSERT_EQ(scenario->faults.size(), 2u);
    EXPECT_EQ(textOf(scenario->faults[0]), "kill-worker:3@1s");
    EXPECT_EQ(textOf(scenario->faults[1]), "stop-broker@2s+100ms");
    EXPECT_EQ(scenario->faults[0].line, 5);
}

} // namespace
} // namespace interleave::scenario
