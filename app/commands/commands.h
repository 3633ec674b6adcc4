// SPDX-License-Identifier: GPL-3.0-or-later
// One function for each command: its options as a value, its exit code as the result. Each prints
// its product to stdout and, if it fails, one sentence to stderr.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interleave::app {

struct ListOptions {
    bool json = false;
};
int listModels(const ListOptions& options);
int listScenarios(const ListOptions& options);

int listLessons(const ListOptions& options);

struct LessonOptions {
    std::string lesson; // a folder, or the number or name of a shipped lesson
    std::vector<std::string> answers;
    std::vector<std::string> changes; // KEY=VALUE, of the exercise's run
    std::string output;
    std::string broker;
    bool checks = false;
    bool json = false;
};
int runLesson(const LessonOptions& options);

struct RunOptions {
    std::string scenario; // a file or the id of a shipped scenario
    std::vector<std::string> models;
    std::optional<int> workers;
    std::vector<std::string> settings; // KEY=VALUE
    std::optional<std::uint64_t> seed;
    int repeat = 1;
    std::string output;
    std::string session; // hidden: where the window finds the events
    std::string failIf;
    std::string broker;              // a URL; empty: INTERLEAVE_BROKER, else the one in memory
    std::string brokerControl;       // a command that stops and starts it
    std::vector<std::string> faults; // as scenario::parseFault() reads them
    bool recordsEvents = true;       // hidden: false measures a run without its recorder
    std::string sweep;               // KEY=VALUES, as run::parseSweep() reads them; empty: none
    bool json = false;               // of a sweep
};
int runScenario(const RunOptions& options);
int runSweep(const RunOptions& options); // `run --sweep`

struct RecordOptions {
    std::vector<std::string> command;
    std::string output;
    std::string session; // hidden: where the window finds the events
    std::optional<double> seconds;
    std::optional<std::uint64_t> limitMb;
    bool recordsGil = true;
    bool seesLocks = false;
    bool isQuiet = false;
};
int recordProgram(const RecordOptions& options);

struct AttachOptions {
    std::string broker; // a URL, which may hold a password
    std::string output;
    std::string session; // hidden: where the window finds the events
    std::optional<double> seconds;
    std::optional<std::uint64_t> limitMb;
    bool enablesEvents = false;
    bool isQuiet = false;
};
int attachToCelery(const AttachOptions& options);

struct WorkerOptions {
    std::string broker; // a URL, which may hold a password
    std::string name;   // empty: the host's
    std::optional<std::uint32_t> slots;
    bool isOnce = false;
    bool isQuiet = false;
};
int serveRuns(const WorkerOptions& options);

struct ExportOptions {
    std::vector<std::string> recordings; // several only for the comparison
    std::string output;
    std::string view = "gantt";
    std::string from;
    std::string to;
    std::string at;    // of the topology and the kitchen
    std::string speed; // of an animation
    int framesPerSecond = 15;
    std::string size;
    double scale = 1;
    std::string theme = "light";
    std::string group = "task";
    std::string hide; // states, separated by commas
    bool hasLegend = true;
    bool hasCaption = true;
};
int exportRecording(const ExportOptions& options);

struct ImportOptions {
    std::string trace;
    std::string output;
};
int importTrace(const ImportOptions& options);

struct StatsOptions {
    std::string recording;
    bool json = false;
    std::string failIf;
};
int printStats(const StatsOptions& options);

struct SpansOptions {
    std::string recording;
    std::string track;
    bool csv = false;
};
int printSpans(const SpansOptions& options);

struct FindingsOptions {
    std::string recording;
    bool json = false;
    std::optional<int> tryNumber; // runs the cure of that finding, 1 is the first
    std::string scenario;         // its file, where it does not come with the program
    std::string output;
};
int printFindings(const FindingsOptions& options);

struct RecommendOptions {
    std::string recording;
    bool json = false;
    bool proves = false;  // runs the first two
    std::string scenario; // its file, where it does not come with the program
    std::string output;   // a folder
};
int recommendModel(const RecommendOptions& options);

struct CompareOptions {
    std::vector<std::string> recordings;
    bool json = false;
    bool showsFacts = false;
    bool showsWaterfall = false;
    std::string output;
    std::string failIf;
};
int compareRecordings(const CompareOptions& options);

} // namespace interleave::app
