// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/remote/hosted_program.h"

#include "engine/models/hosts/program_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::models {
namespace {

using testing::HasSubstr;

constexpr const char* kScenario = R"(
name = "Ten"
[[task]]
name = "cut"
count = 10
steps = [ { compute = "1 ms ± 50 %" } ]
)";

scenario::Program programOf(const char* text, std::uint64_t seed) {
    auto parsed = scenario::parseScenario(text, "ten.toml");
    EXPECT_TRUE(parsed);
    return *scenario::expand(std::make_shared<const scenario::Scenario>(*parsed), seed);
}

Welcome welcomeTo(const scenario::Program& program) {
    Welcome note;
    note.scenario = program.scenario->text;
    note.file = "ten.toml";
    note.seed = program.seed;
    note.programMark = markOf(program);
    for (const ParameterInfo& parameter : queueParameters()) {
        note.parameters[parameter.key] = parameter.defaultValue;
    }
    note.speed = {1e6, 1e6, 1e6, 1e6};
    note.node = {"node 1", {static_cast<std::uint32_t>(program.objects.size()) + 2}, 2, 4};
    return note;
}

TEST(HostedProgram, IsTheRunsOwn) {
    const scenario::Program program = programOf(kScenario, 42);
    const auto hosted = hostedProgramOf(welcomeTo(program));
    ASSERT_TRUE(hosted) << hosted.error().message;
    ASSERT_EQ(hosted->program.tasks.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(hosted->program.tasks[i].actions[0].durationNs,
                  program.tasks[i].actions[0].durationNs);
    }
    EXPECT_EQ(hosted->plan.slotCount, 2u);
    EXPECT_EQ(hosted->plan.queues, std::vector{hosted->firstExtraQueue()});
}

TEST(HostedProgram, ThatExpandsToOtherTasksIsRefused) {
    Welcome note = welcomeTo(programOf(kScenario, 42));
    note.seed = 43;
    const auto hosted = hostedProgramOf(note);
    ASSERT_FALSE(hosted);
    EXPECT_THAT(hosted.error().message, HasSubstr("same build"));
}

TEST(HostedProgram, OfWhatCantBeIsRefused) {
    const scenario::Program program = programOf(kScenario, 42);
    const auto errorOf = [&](auto&& change) {
        Welcome note = welcomeTo(program);
        change(note);
        const auto hosted = hostedProgramOf(note);
        return hosted ? std::string("none") : hosted.error().message;
    };
    EXPECT_THAT(errorOf([](Welcome& note) { note.scenario = "name = 1"; }), HasSubstr("ten.toml"));
    EXPECT_THAT(errorOf([](Welcome& note) { note.parameters.erase("acks"); }), HasSubstr("acks"));
    EXPECT_THAT(errorOf([](Welcome& note) { note.parameters["prefetch"] = "-1"; }),
                HasSubstr("prefetch"));
    EXPECT_THAT(errorOf([](Welcome& note) { note.node.queues = {900}; }), HasSubstr("queue 900"));
    EXPECT_THAT(errorOf([](Welcome& note) { note.node.queues.clear(); }), HasSubstr("no queue"));
}

TEST(ProgramMark, DependsOnWhatTasksDo) {
    const std::uint64_t mark = markOf(programOf(kScenario, 42));
    EXPECT_EQ(mark, markOf(programOf(kScenario, 42)));
    EXPECT_NE(mark, markOf(programOf(kScenario, 43)));
}

} // namespace
} // namespace interleave::models
