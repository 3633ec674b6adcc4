// SPDX-License-Identifier: GPL-3.0-or-later
// `record` itself: what it leaves when it ends early, is signalled or killed, and what it says.
#include "tests/truth/program_run.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace interleave::truth {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class RecordCommand : public testing::Test {
protected:
    RecordCommand() {
        std::string pattern = testing::TempDir() + "interleave-record-XXXXXX";
        m_folder = ::mkdtemp(pattern.data());
    }
    ~RecordCommand() override { fs::remove_all(m_folder); }
    std::string place(const std::string& name) const { return m_folder / name; }

    nlohmann::json statsOf(const std::string& recording) const {
        const ProgramResult stats = runProgram({"stats", recording, "--json"});
        EXPECT_EQ(stats.exitCode, 0) << stats.err;
        return nlohmann::json::parse(stats.out, nullptr, false);
    }

private:
    fs::path m_folder;
};

/// The sentence of the diagnostic of that kind; empty: there is none.
std::string diagnostic(const nlohmann::json& stats, const std::string& kind) {
    for (const auto& item : stats.at("diagnostics")) {
        if (item.at("kind") == kind) {
            return item.at("message");
        }
    }
    return {};
}

/// A recorder that goes on while the test looks at it.
class Background {
public:
    explicit Background(const std::vector<std::string>& arguments) {
        std::vector<std::string> copies = arguments;
        std::string program = PROGRAM;
        std::vector<char*> argv{program.data()};
        for (std::string& argument : copies) {
            argv.push_back(argument.data());
        }
        argv.push_back(nullptr);
        m_pid = ::fork();
        if (m_pid == 0) {
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
    }
    pid_t pid() const { return m_pid; }
    int wait() const {
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        return status;
    }

private:
    pid_t m_pid;
};

/// Waits until a file has something in it; its text.
std::string textOf(const std::string& file) {
    for (int i = 0; i < 1'000; ++i) {
        std::ifstream stream(file);
        std::string text(std::istreambuf_iterator<char>(stream), {});
        if (!text.empty()) {
            return text;
        }
        std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << file << " stayed empty";
    return {};
}

TEST_F(RecordCommand, NamesTheRecordingAfterTheScriptAndSaysWhere) {
    const std::string script = place("my_script.py");
    std::ofstream(script) << "print('hello')\n";
    const ProgramResult run =
        runCommand({"sh", "-c", "cd \"$1\" && exec \"$2\" record -- \"$3\" \"$4\"", "sh", place(""),
                    PROGRAM, kPython, script});
    EXPECT_EQ(run.exitCode, 0) << run.err;
    EXPECT_EQ(run.out, "hello\n");
    const std::size_t at = run.err.find("my_script-20");
    ASSERT_NE(at, std::string::npos) << run.err;
    const std::string name = run.err.substr(at, run.err.find(".ilv", at) + 4 - at);
    const auto stats = statsOf(place(name));
    EXPECT_EQ(stats.at("scenario"), kPython + " " + script);
    EXPECT_EQ(stats.at("model"), "python");
    EXPECT_EQ(diagnostic(stats, "exit"), "The program ended with exit code 0.");
}

TEST_F(RecordCommand, WithoutDashesTheCommandBeginsAtTheFirstWordThatIsNoOption) {
    const ProgramResult run = runProgram(
        {"record", "-q", "-o", place("a.ilv"), "sh", "-c", "echo $0 $*; exit 3", "-o", "--", "x"});
    EXPECT_EQ(run.out, "-o -- x\n") << run.err;
    EXPECT_EQ(run.exitCode, 3);
}

TEST_F(RecordCommand, RefusesWhatCantBeStartedInOneSentence) {
    for (const std::string command : {"no-such-command", "./no/such/file", "/etc/passwd", "/tmp"}) {
        const ProgramResult run = runProgram({"record", "-o", place("a.ilv"), "--", command});
        EXPECT_EQ(run.exitCode, 2);
        EXPECT_TRUE(run.err.starts_with("interleave: " + command + ": ")) << run.err;
        EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
        EXPECT_FALSE(fs::exists(place("a.ilv")));
    }
    EXPECT_EQ(runProgram({"record", "-o", place("a.ilv")}).exitCode, 2);
    EXPECT_EQ(runProgram({"record", "-o", "/no/such/folder/a.ilv", "--", "true"}).exitCode, 2);
}

TEST_F(RecordCommand, RunsAScriptWithoutAFirstLineAsAShellWould) {
    const std::string script = place("script");
    std::ofstream(script) << "echo $1\n";
    fs::permissions(script, fs::perms::owner_all);
    const ProgramResult run =
        runProgram({"record", "-q", "-o", place("a.ilv"), "--", script, "word"});
    EXPECT_EQ(run.out, "word\n") << run.err;
}

TEST_F(RecordCommand, KeepsWhatIsPreloadedAlready) {
    const ProgramResult run =
        runCommand({"env", "LD_PRELOAD=libm.so.6", PROGRAM, "record", "-q", "-o", place("a.ilv"),
                    "--", "sh", "-c", "echo $LD_PRELOAD"});
    EXPECT_TRUE(run.out.starts_with("libm.so.6:/")) << run.out << run.err;
    EXPECT_NE(run.out.find("libinterleave-agent-locks.so"), std::string::npos) << run.out;
}

TEST_F(RecordCommand, MutexesAreWatchedWhereNotAllIsPython) {
    const auto agentOf = [&](const std::vector<std::string>& command) {
        std::vector<std::string> arguments{"record", "-q", "-o", place("a.ilv"), "--"};
        arguments.insert(arguments.end(), command.begin(), command.end());
        return runProgram(arguments).out;
    };
    EXPECT_NE(agentOf({"sh", "-c", "echo $LD_PRELOAD"}).find("-locks.so"), std::string::npos);
    EXPECT_EQ(agentOf({"sh", "-c", "echo $LD_PRELOAD; : python"}).find("-locks.so"),
              std::string::npos);
    const std::string print = "import os; print(os.environ['LD_PRELOAD'])";
    EXPECT_EQ(agentOf({kPython, "-c", print}).find("-locks.so"), std::string::npos);
}

TEST_F(RecordCommand, ALaterEndOfTheProgramIsNotWaitedForByTheRecording) {
    const std::string code = "import time; time.sleep(2.5); print('still here'); exit(6)";
    const auto begin = std::chrono::steady_clock::now();
    const ProgramResult run = runProgram(
        {"record", "-q", "--duration", "1", "-o", place("a.ilv"), "--", kPython, "-c", code});
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 2.5s);
    EXPECT_EQ(run.exitCode, 6);
    EXPECT_EQ(run.out, "still here\n");
    const auto stats = statsOf(place("a.ilv"));
    EXPECT_EQ(diagnostic(stats, "exit"), "");
    EXPECT_NE(diagnostic(stats, "duration").find("after 1 s"), std::string::npos);
    EXPECT_EQ(diagnostic(stats, "killed-workers"), "") << "they went on";
    EXPECT_NE(diagnostic(stats, "unfinished-tasks").find("at work when the recording ended"),
              std::string::npos);
    const ProgramResult spans = runProgram({"spans", place("a.ilv"), "--csv"});
    std::int64_t last = 0;
    for (const SpanRow& row : spansOf(spans.out)) {
        last = std::max(last, row.endNs);
    }
    EXPECT_GT(last, 0);
    EXPECT_LT(last, 2'000'000'000);
}

TEST_F(RecordCommand, EndsWhereItsRoomIsUsedUp) {
    const std::string code = "import os\nr, w = os.pipe()\n"
                             "for _ in range(300_000): os.write(w, b'x'); os.read(r, 1)\n"
                             "print('done')";
    const ProgramResult run =
        runProgram({"record", "--limit", "2", "-o", place("a.ilv"), "--", kPython, "-c", code});
    EXPECT_EQ(run.exitCode, 0) << run.err;
    EXPECT_EQ(run.out, "done\n");
    EXPECT_NE(run.err.find("2 MB"), std::string::npos) << run.err;
    EXPECT_NE(diagnostic(statsOf(place("a.ilv")), "limit"), "");
}

TEST_F(RecordCommand, SaysHowManyProcessesWentOn) {
    const ProgramResult run =
        runProgram({"record", "-q", "-o", place("a.ilv"), "--", "sh", "-c",
                    "sleep 1 > /dev/null 2>&1 & sleep 1 > /dev/null 2>&1 & sleep 0.2"});
    EXPECT_EQ(run.exitCode, 0) << run.err;
    EXPECT_NE(diagnostic(statsOf(place("a.ilv")), "processes-went-on").find("2 processes"),
              std::string::npos);
}

TEST_F(RecordCommand, PassesOnSignalsThatSomebodySends) {
    for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGUSR1}) {
        const std::string code = "import signal, sys, time\n"
                                 "signal.signal(" +
                                 std::to_string(signal) +
                                 ", lambda *_: sys.exit(21))\n"
                                 "open(sys.argv[1], 'w').write('ready')\ntime.sleep(20)";
        const std::string sign = place("sign" + std::to_string(signal));
        const std::string file = place(std::to_string(signal) + ".ilv");
        const Background recorder({"record", "-q", "-o", file, "--", kPython, "-c", code, sign});
        textOf(sign);
        ::kill(recorder.pid(), signal);
        EXPECT_EQ(WEXITSTATUS(recorder.wait()), 21) << signal;
        EXPECT_TRUE(fs::exists(file));
    }
}

TEST_F(RecordCommand, DiesOfTheSameSignalAsTheProgram) {
    const Background recorder(
        {"record", "-q", "-o", place("a.ilv"), "--", "sh", "-c", "kill -9 $$"});
    const int status = recorder.wait();
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    EXPECT_NE(diagnostic(statsOf(place("a.ilv")), "exit").find("signal 9"), std::string::npos);
}

TEST_F(RecordCommand, AKilledRecorderLeavesTheProgramAloneAndAReadableSession) {
    const std::string code = "import sys, time\n"
                             "open(sys.argv[1], 'w').write('ready')\ntime.sleep(0.5)\n"
                             "open(sys.argv[2], 'w').write('ended')";
    const Background recorder({"record", "-q", "--session", place("session"), "--", kPython, "-c",
                               code, place("ready"), place("ended")});
    textOf(place("ready"));
    ::kill(recorder.pid(), SIGKILL);
    recorder.wait();
    EXPECT_EQ(textOf(place("ended")), "ended");
    const auto stats = statsOf(place("session"));
    EXPECT_EQ(stats.at("model"), "python");
    EXPECT_EQ(fs::status(place("session")).permissions(), fs::perms::owner_all);
}

TEST_F(RecordCommand, AnInterruptFromTheTerminalIsForTheProgram) {
    const std::string code = "import sys, time\n"
                             "try: print('ready', sys.stdin.isatty(), flush=True); time.sleep(20)\n"
                             "except KeyboardInterrupt: print('cleaning up'); time.sleep(0.2)\n"
                             "sys.exit(9)";
    const std::string file = place("a.ilv");
    int terminal = -1;
    const pid_t recorder = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (recorder == 0) {
        ::execl(PROGRAM, PROGRAM, "record", "-q", "-o", file.c_str(), "--", kPython.c_str(), "-c",
                code.c_str(), nullptr);
        ::_exit(127);
    }
    std::string shown;
    bool isAsked = false;
    char buffer[1'000];
    for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
        shown.append(buffer, static_cast<std::size_t>(got));
        if (!isAsked && shown.find("ready True") != std::string::npos) {
            isAsked = ::write(terminal, "\003", 1) == 1;
        }
    }
    int status = 0;
    ::waitpid(recorder, &status, 0);
    ::close(terminal);
    EXPECT_EQ(WEXITSTATUS(status), 9) << shown;
    EXPECT_NE(shown.find("cleaning up"), std::string::npos) << shown;
    EXPECT_EQ(diagnostic(statsOf(file), "exit"), "The program ended with exit code 9.");
}

TEST_F(RecordCommand, RecordsOnlyTheKernelsWordOfAStaticProgram) {
    const std::string source = place("static.c");
    std::ofstream(source) << "#include <stdio.h>\nint main(void) { puts(\"static\"); return 4; }\n";
    if (runCommand({"cc", "-static", "-o", place("static"), source}).exitCode != 0) {
        GTEST_SKIP() << "no static C library here";
    }
    const ProgramResult run = runProgram({"record", "-o", place("a.ilv"), "--", place("static")});
    EXPECT_EQ(run.exitCode, 4) << run.err;
    EXPECT_EQ(run.out, "static\n");
    EXPECT_NE(run.err.find("statically linked"), std::string::npos) << run.err;
}

TEST_F(RecordCommand, ALibraryThatIsMissingIsNamed) {
    const std::string copy = place("interleave");
    fs::copy_file(PROGRAM, copy);
    const ProgramResult run = runCommand({copy, "record", "-o", place("a.ilv"), "--", "true"});
    EXPECT_EQ(run.exitCode, 3);
    EXPECT_NE(run.err.find("libinterleave-agent-locks.so is missing"), std::string::npos)
        << run.err;
}

TEST_F(RecordCommand, LeavesNoFolderBehind) {
    fs::create_directory(place("sessions"));
    const ProgramResult run =
        runCommand({"env", "INTERLEAVE_SESSIONS=" + place("sessions"), PROGRAM, "record", "-q",
                    "-o", place("a.ilv"), "--", "true"});
    EXPECT_EQ(run.exitCode, 0) << run.err;
    EXPECT_TRUE(fs::is_empty(place("sessions")));
}

} // namespace
} // namespace interleave::truth
