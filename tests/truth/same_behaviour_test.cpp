// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded program does what it does without us: what it writes to standard output and standard
// error and how it ends are compared over programs that are sensitive in one way or another.
#include "tests/truth/program_run.h"

#include <gtest/gtest.h>
#include <regex>
#include <unistd.h>

namespace interleave::truth {
namespace {

struct Case {
    const char* name;
    std::vector<std::string> words; // "@x" is the program x of this folder, "P" the interpreter
    std::string input = {};
    int exitCode = 0;
};

void PrintTo(const Case& shown, std::ostream* out) {
    *out << shown.name;
}

std::vector<std::string> wordsOf(const Case& shown) {
    std::vector<std::string> words;
    for (const std::string& word : shown.words) {
        words.push_back(word == "P" ? kPython
                        : word.starts_with("@")
                            ? std::string(PROGRAMS) + "/" + word.substr(1) + ".py"
                            : word);
    }
    return words;
}

/// Without what differs from run to run.
std::string comparable(const std::string& text) {
    static const std::regex address("0x[0-9a-f]+|/tmp/tmp[A-Za-z0-9_]+");
    return text.find("0x") == std::string::npos && text.find("/tmp/tmp") == std::string::npos
               ? text
               : std::regex_replace(text, address, "...");
}

std::vector<Case> cases() {
    std::string lines;
    for (int i = 0; i < 20'000; ++i) {
        lines += "line " + std::to_string(i) + "\n";
    }
    const std::string code = "import sys, threading; print(sys.argv, threading.active_count())";
    return {
        {"Arguments", {"P", "@arguments", "one two", "", "--", "-x", "*"}},
        {"Isolated", {"P", "-I", "@safe_path"}},
        {"WithoutSite", {"P", "-S", "@safe_path"}},
        {"WithoutEnvironment", {"P", "-E", "-s", "@safe_path"}},
        {"SafePath", {"env", "PYTHONSAFEPATH=1", "P", "@safe_path"}},
        {"SearchPath", {"env", "PYTHONPATH=/nowhere:/usr/share", "P", "@safe_path"}},
        {"DeveloperMode", {"P", "-X", "dev", "@executors"}},
        {"AnotherAllocator", {"env", "PYTHONMALLOC=debug", "P", "@executors"}},
        {"CodeOnTheCommandLine", {"P", "-c", code, "a"}},
        {"AModule", {"P", "-m", "json.tool", "--compact"}, "{\"a\": [1, 2]}"},
        {"CodeFromStandardInput", {"P", "-", "b"}, code + "\n"},
        {"StandardInput", {"P", "@standard_input"}, lines},
        {"BigOutput", {"P", "@big_output"}},
        {"ExitCode", {"P", "@exit_code"}, {}, 42},
        {"ExitSentence", {"P", "@exit_sentence"}, {}, 1},
        {"Terminated", {"P", "@ended_by_signal", "SIGTERM"}, {}, 128 + 15},
        {"Killed", {"P", "@ended_by_signal", "SIGKILL"}, {}, 128 + 9},
        {"HungUp", {"P", "@ended_by_signal", "SIGHUP"}, {}, 128 + 1},
        {"Interrupted", {"P", "@keyboard_interrupt"}, {}, 128 + 2},
        {"OwnSignalHandlers", {"P", "@own_handlers"}},
        {"HardExit", {"P", "@hard_exit"}, {}, 7},
        {"BecomesAnotherProgram", {"P", "@becomes_another"}, {}, 9},
        {"ForksWithThreads", {"P", "@forks_with_threads"}},
        {"ClosesEveryDescriptor", {"P", "@closes_everything"}},
        {"BecomesADaemon", {"P", "@becomes_a_daemon"}, {}, 5},
        {"EmptyEnvironment", {"P", "@empty_environment"}},
        {"ThreadsAtTheEnd", {"P", "@threads_at_the_end"}},
        {"ChainOfExceptions", {"P", "@chain_of_exceptions"}, {}, 1},
        {"FailingThreads", {"P", "@failing_threads"}},
        {"Recursion", {"P", "@recursion"}, {}, 1},
        {"ZipApplication", {"P", "@zip_application"}, {}, 11},
        {"ProcessesByFork", {"P", "@worker_processes", "fork"}},
        {"ProcessesBySpawn", {"P", "@worker_processes", "spawn"}},
        {"ProcessesByServer", {"P", "@worker_processes", "forkserver"}},
        {"Coroutines", {"P", "@coroutines"}},
        {"CoroutinesDebugged", {"P", "@coroutines", "debug"}},
        {"Executors", {"P", "@executors"}},
        {"AnotherUser", {"P", "@another_user"}},
        {"SegmentationFault", {"P", "@segmentation_fault"}, {}, 128 + 11},
        {"ThousandThreads", {"P", "@thousand_threads"}},
        {"ManyTongues", {"P", "@many_tongues", "ärgument"}},
        {"VirtualEnvironment", {"P", "@virtual_environment"}},
        {"SiteCustomisation", {"P", "@site_customisation"}},
        {"LooksIntoItself", {"P", "@looked_into"}},
        {"Synchronised", {"P", "@synchronised"}},
        {"Limited", {"P", "@limited"}},
        {"ChildPrograms", {"P", "@child_programs"}},
        {"SubInterpreters", {"P", "@sub_interpreters"}},
        {"ThroughAShell", {"sh", "-c", "cat | tr a-z A-Z; kill -QUIT $$"}, "quiet\n", 128 + 3},
        {"NoPythonAtAll", {"sort", "-r"}, "a\nc\nb\n"},
    };
}

class SameBehaviour : public testing::TestWithParam<Case> {};

TEST_P(SameBehaviour, WithAndWithoutBeingRecorded) {
    const std::vector<std::string> words = wordsOf(GetParam());
    const ProgramResult plain = runCommand(words, GetParam().input);
    const std::string file =
        testing::TempDir() + "interleave-" + GetParam().name + std::to_string(::getpid()) + ".ilv";
    std::vector<std::string> recording{PROGRAM, "record", "-q", "-o", file, "--"};
    recording.insert(recording.end(), words.begin(), words.end());
    const ProgramResult recorded = runCommand(recording, GetParam().input);
    const bool isSaved = std::filesystem::remove(file);
    EXPECT_TRUE(isSaved);
    EXPECT_EQ(plain.exitCode, GetParam().exitCode) << plain.err;
    EXPECT_EQ(recorded.exitCode, plain.exitCode);
    EXPECT_EQ(comparable(recorded.err), comparable(plain.err));
    const std::string out = comparable(recorded.out);
    EXPECT_TRUE(out == comparable(plain.out)) << "recorded:\n"
                                              << out.substr(0, 2'000) << "\nplain:\n"
                                              << plain.out.substr(0, 2'000);
}

INSTANTIATE_TEST_SUITE_P(Programs, SameBehaviour, testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace interleave::truth
