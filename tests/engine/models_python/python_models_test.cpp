// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_models.h"

#include "engine/models/python/interpreter.h"
#include "engine/models/python/program_text.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::models {

namespace {

using testing::HasSubstr;

ModelRun run(const std::string& id, const std::string& text, Parameters parameters = {}) {
    parameters.try_emplace("python", "/usr/bin/python3");
    for (const auto& model : makePythonModels()) {
        if (model->info().id == id) {
            return runModel(*model, text,
                            {.workers = 2,
                             .parameters = std::move(parameters),
                             .programPath = INTERLEAVE_PROGRAM});
        }
    }
    ADD_FAILURE() << id;
    return {};
}

constexpr const char* kParent = R"(
    name = "t"
    [[task]]
    name = "parent"
    payload = "100 kB"
    result = "100 kB"
    steps = [ { spawn = "child", count = 3 }, { compute = "1 ms" }, { await = "child" } ]
    [[task]]
    name = "child"
    count = 0
    steps = [ { compute = "1 ms", releases_gil = true }, { io = "1 ms" } ])";

class StartMethod : public testing::TestWithParam<std::string> {};

/// A pyenv's interpreter of a minor version, or nothing.
std::string pyenvPython(const std::string& version) {
    const char* home = std::getenv("HOME");
    const std::filesystem::path versions =
        std::filesystem::path(home == nullptr ? "/" : home) / ".pyenv" / "versions";
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(versions, ignored)) {
        if (entry.path().filename().string().starts_with(version + ".")) {
            return (entry.path() / "bin" / "python3").string();
        }
    }
    return {};
}

bool mentions(const std::vector<std::string>& lines, const std::string& text) {
    return std::ranges::any_of(
        lines, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

} // namespace

TEST_P(StartMethod, ExecutesTreesWithPayloads) {
    const ModelRun result = run("python-processes", kParent, {{"start", GetParam()}});
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_THAT(result.illegalTransitions(), testing::IsEmpty());
    EXPECT_GT(result.total(result.task("parent"), State::Transfer), 0);
}

INSTANTIATE_TEST_SUITE_P(Multiprocessing, StartMethod,
                         testing::Values("fork", "spawn", "forkserver"));

TEST(PythonProcesses, AKilledWorkerBreaksThePoolAndItsTaskIsTriedAgain) {
    const ModelRun result = run("python-processes", R"(
        name = "t"
        [[task]]
        name = "a"
        retries = 1
        steps = [ { compute = "1 ms" }, { crash = "first-try" } ]
        [[task]]
        name = "b"
        count = 4
        retries = 1
        steps = [ { compute = "1 ms" } ])");
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_EQ(result.countEnds(State::Done), 5u);
    EXPECT_TRUE(mentions(result.diagnostics, "the pool is broken"));
}

TEST(PythonModels, PrimesThatLetGoOfTheLockAreRefusedWithTheirPlace) {
    const ModelRun result = run("python-threads", R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 ms", kernel = "primes", releases_gil = true } ])");
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message,
                testing::AllOf(HasSubstr("test.toml:5:"), HasSubstr("sha256")));
}

TEST(PythonModels, EveryKernelIsWorkThatEnds) {
    const ModelRun result = run("python-sequential", R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 ms" }, { compute = "1 ms", kernel = "primes" },
                  { compute = "1 ms", kernel = "sha256" }, { compute = "1 ms", kernel = "memory" },
                  { compute = "1 ms", kernel = "sha256", releases_gil = true },
                  { compute = "1 ms", kernel = "memory", releases_gil = true } ])");
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_EQ(result.countEnds(State::Done), 1u);
}

TEST(PythonModels, AnInterpreterThatLetsNoRecorderInStillExecutes) {
    const std::string python = pyenvPython("3.6");
    if (python.empty()) {
        GTEST_SKIP() << "there is no Python 3.6 here";
    }
    const ModelRun result = run("python-threads", kParent, {{"python", python}});
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_TRUE(mentions(result.diagnostics, "tasks-not-seen"));
    EXPECT_TRUE(mentions(result.diagnostics, "3.6."));
}

TEST(PythonModels, AScriptThatChoosesAnInterpreterIsAskedForIt) {
    char path[] = "/tmp/interleave-python-test-XXXXXX";
    const int fd = ::mkstemp(path);
    const std::string_view script = "#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n";
    ASSERT_EQ(::write(fd, script.data(), script.size()), static_cast<ssize_t>(script.size()));
    ::fchmod(fd, 0700);
    ::close(fd);
    const ModelRun result = run("python-sequential", kParent, {{"python", path}});
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    std::set<std::uint32_t> recorded;
    for (const RecordedEvent& event : result.events) {
        recorded.insert(event.pid);
    }
    EXPECT_EQ(recorded.size(), 2u) << "this process and the interpreter, no shell";
    ::unlink(path);
}

TEST(PythonModels, EveryVersionExecutesTheSame) {
    int tried = 0;
    for (const char* version : {"3.8", "3.9", "3.10", "3.12", "3.13"}) {
        const std::string python = pyenvPython(version);
        if (python.empty()) {
            continue;
        }
        ++tried;
        for (const char* model : {"python-threads", "python-asyncio+threads"}) {
            const ModelRun result = run(model, kParent, {{"python", python}});
            ASSERT_TRUE(result.outcome.has_value())
                << version << ": " << result.outcome.error().message;
            EXPECT_EQ(result.countEnds(State::Done), 4u) << version << " " << model;
        }
    }
    if (tried == 0) {
        GTEST_SKIP() << "there is no other Python here";
    }
}

TEST(ProgramText, TasksWithTheSameActionsShareThem) {
    const scenario::Program program = programOf(R"(
        name = "t"
        [[task]]
        name = "a"
        count = 3
        steps = [ { compute = "1 ms" } ])");
    const std::string text = programText(program, {"m", 1, "{}", 0, "", StepId{1}});
    EXPECT_THAT(text, HasSubstr("\"actions\":[[[0,1,1000000,\"integers\",0,0,0,0,[],[]]]]"));
    EXPECT_THAT(text, HasSubstr("\"tasks\":[[0,0,0,0,0,0,0,[],0,0,0],\n[0,"));
}

TEST(Interpreter, IsLookedForInPath) {
    const auto found = findInterpreter("sh");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->filename(), "sh");
    const auto missing = findInterpreter("no-such-python");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind, ErrorKind::MissingPart);
    EXPECT_THAT(missing.error().message, HasSubstr("apt-get install python3"));
    const auto folder = findInterpreter("/tmp");
    ASSERT_FALSE(folder.has_value());
    EXPECT_THAT(folder.error().message, HasSubstr("no program that can be executed"));
}

} // namespace interleave::models
