// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/program.h"
#include "engine/scenario/resources.h"
#include "engine/scenario/scenario.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

namespace interleave::scenario {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kSmall = "[[task]]\nname = \"t\"\nsteps = []\n";

std::string readError(const std::filesystem::path& file) {
    const auto scenario = readScenario(file);
    EXPECT_FALSE(scenario) << file;
    return scenario ? "" : scenario.error().message;
}

TEST(ScenarioFile, IsReadFromDisk) {
    const TemporaryFolder folder;
    const auto file = folder.write("my-run.toml", kSmall);
    const auto scenario = readScenario(file);
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_EQ(scenario->id, "my-run");
    EXPECT_EQ(scenario->file, file);
}

TEST(ScenarioFile, SaysInOneSentenceWhatCannotBeRead) {
    const TemporaryFolder folder;
    const std::string base = folder.path().string() + "/";
    EXPECT_EQ(readError(base + "no.toml"), base + "no.toml does not exist, check the path.");
    EXPECT_EQ(readError(folder.path()),
              folder.path().string() + " is a folder, name a scenario file in it.");
    folder.write("binary.toml", std::string_view("\x7f"
                                                 "ELF\0\0\xff",
                                                 7));
    EXPECT_EQ(readError(base + "binary.toml"),
              base + "binary.toml is not a text file, a scenario is TOML in UTF-8");
    folder.write("empty.toml", "");
    EXPECT_EQ(readError(base + "empty.toml"),
              base + "empty.toml:1:1: a scenario without a [[task]] does nothing, add [[task]] "
                     "name = \"dish\", steps = [ { compute = \"20 ms\" } ]");
    folder.write("large.toml", std::string(4'000'001, '#'));
    EXPECT_EQ(readError(base + "large.toml"),
              base + "large.toml is too large for a scenario, at most 4 MB are allowed.");
    ASSERT_EQ(::mkfifo((base + "pipe.toml").c_str(), 0600), 0);
    EXPECT_THAT(readError(base + "pipe.toml"), HasSubstr("is not a regular file"));
    folder.write("file.toml", kSmall);
    EXPECT_THAT(readError(base + "file.toml/below.toml"), HasSubstr("file.toml/below.toml"));
}

TEST(ScenarioFile, LargestAllowedIsRead) {
    const TemporaryFolder folder;
    std::string text(kSmall);
    text += std::string(4'000'000 - text.size(), '#');
    EXPECT_TRUE(readScenario(folder.write("large.toml", text)));
}

TEST(ShippedScenarios, AreAllReadableAndSortedByName) {
    const auto scenarios = shippedScenarios();
    ASSERT_TRUE(scenarios) << scenarios.error().message;
    std::set<std::string> ids;
    for (const Scenario& scenario : *scenarios) {
        ids.insert(scenario.id);
        EXPECT_FALSE(scenario.about.empty()) << scenario.id;
        EXPECT_TRUE(scenario.workers) << scenario.id;
        const auto program = expand(std::make_shared<const Scenario>(scenario), scenario.seed);
        ASSERT_TRUE(program) << program.error().message;
        EXPECT_FALSE(program->tasks.empty()) << scenario.id;
    }
    for (const char* id : {"ten-dishes", "download-sites", "sum-of-squares", "mixed", "one-lock",
                           "two-locks-deadlock", "uneven", "tiny-tasks", "big-payload"}) {
        EXPECT_TRUE(ids.contains(id)) << id;
    }
    EXPECT_TRUE(std::is_sorted(scenarios->begin(), scenarios->end(),
                               [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST(ShippedScenarios, TenDishesIsWhatTheManualSays) {
    const auto scenario = findScenario("ten-dishes");
    ASSERT_TRUE(scenario) << scenario.error().message;
    const auto program = expand(std::make_shared<const Scenario>(*scenario), scenario->seed);
    ASSERT_TRUE(program);
    ASSERT_EQ(program->tasks.size(), 10u);
    EXPECT_EQ(program->tasks[2].name, "dish 3");
    const auto& actions = program->tasks[2].actions;
    ASSERT_EQ(actions.size(), 3u);
    EXPECT_EQ(actions[0].durationNs, 20'000'000);
    EXPECT_EQ(actions[1].kind, Action::Kind::Io);
    EXPECT_EQ(actions[1].durationNs, 80'000'000);
    EXPECT_EQ(actions[2].durationNs, 10'000'000);
}

TEST(FindScenario, TakesAFileOrAName) {
    const TemporaryFolder folder;
    const auto file = folder.write("mine.toml", kSmall);
    EXPECT_TRUE(findScenario(file.string()));
    EXPECT_TRUE(findScenario("uneven"));
}

TEST(FindScenario, NamesTheShippedOnes) {
    const auto unknown = findScenario("ten-dihses");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message,
                StartsWith("No file and no shipped scenario is called \"ten-dihses\" (did you mean "
                           "\"ten-dishes\"?); shipped are back-pressure, "));
    EXPECT_THAT(unknown.error().message, HasSubstr("download-sites"));
    EXPECT_THAT(findScenario("").error().message, StartsWith("No scenario is named"));
    EXPECT_THAT(findScenario("no/where").error().message, HasSubstr("no/where does not exist"));
}

TEST(ResourceFolder, IsTheOneThatTheEnvironmentNames) {
    const TemporaryFolder folder;
    folder.write("scenarios/only.toml", kSmall);
    const ScopedVariable variable("INTERLEAVE_RESOURCES", folder.path().string());
    EXPECT_EQ(resourceFolder().value(), folder.path());
    const auto scenarios = shippedScenarios();
    ASSERT_TRUE(scenarios) << scenarios.error().message;
    ASSERT_EQ(scenarios->size(), 1u);
    EXPECT_EQ(scenarios->at(0).id, "only");
    EXPECT_THAT(findScenario("ten-dishes").error().message, HasSubstr("shipped are only."));
}

TEST(ResourceFolder, SaysWhenTheEnvironmentIsWrong) {
    const TemporaryFolder folder;
    const ScopedVariable variable("INTERLEAVE_RESOURCES", folder.path().string());
    const auto scenarios = shippedScenarios();
    ASSERT_FALSE(scenarios);
    EXPECT_EQ(scenarios.error().kind, ErrorKind::MissingPart);
    EXPECT_THAT(scenarios.error().message, HasSubstr("INTERLEAVE_RESOURCES"));
}

TEST(ShippedScenarios, ReportTheMistakeOfABrokenFile) {
    const TemporaryFolder folder;
    folder.write("scenarios/broken.toml", "seed = -1\n");
    const ScopedVariable variable("INTERLEAVE_RESOURCES", folder.path().string());
    EXPECT_THAT(shippedScenarios().error().message, HasSubstr("broken.toml:1:8: seed"));
}

} // namespace
} // namespace interleave::scenario
