// SPDX-License-Identifier: GPL-3.0-or-later
// The agent gets into every CPython process, however it is started.
#include "tests/engine/python/agent_tracks/interpreters.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

namespace interleave::agent {

namespace {

using testing::HasSubstr;
using testing::Not;

/// Says what it was started with, and has a task.
constexpr const char* kProgram = R"(
import asyncio, sys
async def main():
    await asyncio.sleep(0)
    print("ran", __name__, len(sys.meta_path), [n for n in sys.modules if "interleave" in n])
asyncio.run(main())
)";

class Boot : public EachInterpreter {
protected:
    void SetUp() override {
        EachInterpreter::SetUp();
        if (IsSkipped()) {
            return;
        }
        std::filesystem::create_directories(path("package"));
        write("program.py", kProgram);
        write("package/__main__.py", kProgram);
        write("package/__init__.py", "");
    }
    std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }
    /// Runs the interpreter with arguments and expects the task.
    RecordedProgram expectTask(std::vector<std::string> arguments, ProgramRequest request = {}) {
        if (request.command.empty()) {
            request.command = {GetParam().path};
        }
        std::string shown;
        for (const std::string& argument : arguments) {
            request.command.push_back(argument);
            shown += argument + " ";
        }
        SCOPED_TRACE(shown);
        RecordedProgram program = run(request);
        EXPECT_THAT(program.output, HasSubstr("ran __main__"));
        EXPECT_THAT(program.output, HasSubstr("['_interleave_agent']"));
        const TaskHistory history = taskHistory(program);
        EXPECT_TRUE(history.faults.empty()) << history.faults.front();
        EXPECT_NE(history.named("main (Task-1)"), nullptr);
        EXPECT_EQ(program.processes.size(), 1u);
        for (const RecordedProcess& process : program.processes) {
            EXPECT_TRUE(process.hasText(EventKind::Marked, "program begins"));
        }
        return program;
    }

private:
    record::TemporaryFolder m_folder;
};

TEST_P(Boot, WithEachOptionOfTheCommandLine) {
    const std::string program = path("program.py").string();
    expectTask({program});
    for (const char* option : {"-I", "-S", "-E", "-s", "-B", "-O", "-v"}) {
        expectTask({option, program});
    }
    expectTask({"-X", "dev", program});
    expectTask({"-ISEs", program});
    expectTask({"-c", kProgram});
    expectTask({path("package").string()});
}

TEST_P(Boot, FromStandardInput) {
    ProgramRequest request;
    request.standardInput = kProgram;
    expectTask({}, request);
    expectTask({"-"}, request);
}

TEST_P(Boot, AsAModuleAndFromAZipFile) {
    ProgramRequest request;
    request.environment["PYTHONPATH"] = path("").string();
    expectTask({"-m", "package"}, request);
    const std::string archive = path("program.zip").string();
    ProgramRequest zip;
    zip.command = {GetParam().path, "-m", "zipapp", path("package").string(), "-o", archive};
    zip.isRecorded = false;
    ASSERT_EQ(runRecorded(zip).exitCode(), 0);
    expectTask({archive});
}

TEST_P(Boot, WithEnvironmentVariablesThatChangeTheStart) {
    const std::string program = path("program.py").string();
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"PYTHONSAFEPATH", "1"},
                                            {"PYTHONMALLOC", "debug"},
                                            {"PYTHONDEVMODE", "1"},
                                            {"PYTHONNOUSERSITE", "1"},
                                            {"PYTHONASYNCIODEBUG", "1"}}) {
        ProgramRequest request;
        request.environment[name] = value;
        expectTask({program}, request);
    }
}

TEST_P(Boot, BesideTheProgramsOwnSitecustomize) {
    write("sitecustomize.py", "import sys; print('custom', '_interleave_agent' in sys.modules)");
    ProgramRequest request;
    request.environment["PYTHONPATH"] = path("").string();
    const RecordedProgram program = expectTask({path("program.py").string()}, request);
    EXPECT_THAT(program.output, HasSubstr("custom False"));
}

TEST_P(Boot, InAVirtualEnvironment) {
    ProgramRequest request;
    request.command = {GetParam().path, "-m",         "venv",
                       "--without-pip", "--symlinks", path("env").string()};
    request.isRecorded = false;
    if (runRecorded(request).exitCode() != 0) {
        GTEST_SKIP() << "this Python makes no virtual environment";
    }
    ProgramRequest inside;
    inside.command = {path("env/bin/python").string()};
    expectTask({path("program.py").string()}, inside);
}

// importlib.import_module() raises no audit event of its own.
TEST_P(Boot, ModulesThatAreImportedInOtherWays) {
    const RecordedProgram program = [&] {
        ProgramRequest request;
        request.command = {GetParam().path, "-c",
                           "import importlib\n"
                           "asyncio = importlib.import_module('asyncio')\n"
                           "threading = importlib.import_module('threading')\n"
                           "futures = importlib.import_module('concurrent.futures')\n"
                           "async def main(): pass\n"
                           "asyncio.run(main())\n"
                           "with futures.ThreadPoolExecutor(1, 'hand') as pool:\n"
                           "    pool.submit(int).result()\n"};
        return run(request);
    }();
    const TaskHistory history = taskHistory(program);
    EXPECT_NE(history.named("main (Task-1)"), nullptr);
    EXPECT_NE(history.named("int"), nullptr);
    EXPECT_TRUE(program.processes[0].hasText(EventKind::ThreadNamed, "hand_0"));
}

TEST_P(Boot, InAProgramThatLoadsPythonForItself) {
    const std::filesystem::path library =
        std::filesystem::path(GetParam().path).parent_path().parent_path() / "lib" /
        ("libpython3." + std::to_string(minor()) + ".so.1.0");
    if (!std::filesystem::exists(library)) {
        GTEST_SKIP() << "this Python has no shared library";
    }
    ProgramRequest
        request; // with built-in modules only: others don't find what is loaded privately
    request.command = {std::string(PROGRAM_BINARIES) + "/embedding_program", library.string(),
                       "import threading\n"
                       "thread = threading.Thread(target=print, args=('done',), name='hand')\n"
                       "thread.start()\n"
                       "thread.join()\n"};
    const RecordedProgram program = run(request);
    EXPECT_EQ(program.output, "done\n");
    ASSERT_EQ(program.processes.size(), 1u);
    EXPECT_TRUE(program.processes[0].hasText(EventKind::ThreadNamed, "hand"));
    EXPECT_TRUE(program.processes[0].hasText(EventKind::Marked, "program begins"));
}

TEST_P(Boot, TasksAreLeftOutWhereTheyAreNotWanted) {
    ProgramRequest request;
    request.command = {GetParam().path, path("program.py").string()};
    request.environment["INTERLEAVE_RECORD"] = "gil";
    const RecordedProgram program = run(request);
    EXPECT_TRUE(taskHistory(program).tasks.empty());
    EXPECT_THAT(program.output, HasSubstr("ran __main__"));
    EXPECT_THAT(program.output, Not(HasSubstr("_interleave_agent")));
}

TEST_P(Boot, AScenariosProgramSaysItselfWhatHappens) {
    ProgramRequest request;
    request.environment["INTERLEAVE_RECORD"] = "gil,calls,model";
    request.command = {GetParam().path, "-c",
                       "import sys, asyncio\n"
                       "a = sys.modules['_interleave_agent']\n"
                       "assert a.is_recording()\n"
                       "a.role('control')\n"
                       "a.name_thread('driver')\n"
                       "a.state(1, 'queued', 0, 0, 1)\n"
                       "a.state(1, a.RUNNING, 2, 3)\n"
                       "a.acquired(1, 5, 2)\n"
                       "a.released(1, 5)\n"
                       "a.spawned(2, 1)\n"
                       "a.woken(2, 1)\n"
                       "a.queue_put(7, 8)\n"
                       "a.queue_got(7, 8)\n"
                       "a.level(3, 4)\n"
                       "a.mark('here')\n"
                       "a.note(0, 'a-kind', 'A sentence.')\n"
                       "a.state(1, 'done')\n"
                       "for wrong in ((1,), (1, 'walking'), (1, 99), ('x', 'done')):\n"
                       "    try: a.state(*wrong)\n"
                       "    except TypeError: pass\n"
                       "    else: raise SystemExit(3)\n"
                       "async def main(): pass\n"
                       "asyncio.run(main())\n"};
    const RecordedProgram program = run(request);
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.writer, record::WriterKind::AgentOfModel);
    EXPECT_EQ(process.count(EventKind::TaskNamed), 0u);
    std::vector<std::string> events;
    for (const Event& event : process.streamOf(process.pid)->events) {
        const EventKind kind = event.kind();
        if (record::isState(kind)) {
            events.push_back(std::string(interleave::nameOf(record::stateOf(kind))) + " " +
                             std::to_string(event.a) + " " + std::to_string(event.b));
        } else if (kind == EventKind::Spawned || kind == EventKind::Woken ||
                   kind == EventKind::QueuePut || kind == EventKind::QueueGot ||
                   kind == EventKind::Level) {
            events.push_back(std::to_string(static_cast<int>(kind)) + " " +
                             std::to_string(event.a) + " " + std::to_string(event.b));
        } else if (kind == EventKind::LockAcquired && event.a == 1) {
            events.push_back("acquired " + std::to_string(event.b));
        } else if (kind == EventKind::LockReleased && event.a == 1) {
            events.push_back("released " + std::to_string(event.b));
        }
    }
    EXPECT_THAT(events, testing::ElementsAre("queued 1 32768", "running 1 196610",
                                             "acquired 131077", "released 5", "40 2 1", "41 2 1",
                                             "42 7 8", "43 7 8", "48 3 4", "done 1 0"));
    EXPECT_TRUE(process.hasText(EventKind::ThreadNamed, "driver"));
    EXPECT_TRUE(process.hasText(EventKind::Marked, "here"));
    EXPECT_TRUE(process.hasText(EventKind::Noted, "A sentence."));
    EXPECT_EQ(process.streamOf(process.pid)->header.info.role, record::StreamRole::Control);
}

INSTANTIATE_TEST_SUITE_P(Interpreters, Boot, testing::ValuesIn(interpreters()), interpreterName);

} // namespace

} // namespace interleave::agent
