// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/window_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <string_view>

namespace interleave::app {

namespace {

/// What the parsed command line asks for; carried out after parsing is complete.
using Action = std::function<int()>;

/// Of `record ... -- COMMAND`, the command, which is cut off from argv.
std::vector<std::string> takeRecordedCommand(int& argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "record") {
        for (int i = 2; i < argc; ++i) {
            if (std::string_view(argv[i]) == "--") {
                std::vector<std::string> command(argv + i + 1, argv + argc);
                argc = i;
                return command;
            }
        }
    }
    return {};
}

const char* const kFailIfHelp = "Exit with 1 if the condition holds, e.g. 'parallelism_mean < 1.5'";

void addLists(CLI::App& program, Action& action) {
    const auto add = [&](const char* name, const char* help, int (*list)(const ListOptions&)) {
        CLI::App* command = program.add_subcommand(name, help);
        auto options = std::make_shared<ListOptions>();
        command->add_flag("--json", options->json, "Machine-readable");
        command->callback(
            [options, list, &action] { action = [options, list] { return list(*options); }; });
    };
    add("models", "List the concurrency models and their parameters", listModels);
    add("scenarios", "List the scenarios that come with the program", listScenarios);
    add("lessons", "List the lessons that come with the program", listLessons);
}

void addLesson(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "lesson", "Take a lesson: a question, the runs that answer it, and an exercise");
    auto options = std::make_shared<LessonOptions>();
    command
        ->add_option("LESSON", options->lesson,
                     "The number or name of a shipped lesson, or the folder of another one")
        ->required();
    command
        ->add_option("--answer", options->answers,
                     "What you predict: a letter, a number, letters in order or a duration; may "
                     "be repeated, one for each question")
        ->expected(1)
        ->take_all();
    command
        ->add_option("--play", options->changes,
                     "KEY=VALUE: solve the exercise by changing its run, e.g. workers=4; may be "
                     "repeated. Exit code 1 if it is not solved")
        ->expected(1)
        ->take_all();
    command->add_flag("--check", options->checks,
                      "Only see whether the runs show what the lesson is about; exit with 1 if "
                      "they don't");
    command->add_flag("--json", options->json, "Machine-readable");
    command->add_option("-o,--output", options->output, "A folder for the recordings");
    command->add_option("--broker", options->broker,
                        "Of runs with a broker; memory is the default");
    command->callback([options, &action] { action = [options] { return runLesson(*options); }; });
}

void addRun(CLI::App& program, Action& action) {
    CLI::App* command =
        program.add_subcommand("run", "Run a scenario under one or more concurrency models");
    auto options = std::make_shared<RunOptions>();
    command
        ->add_option("SCENARIO", options->scenario,
                     "A scenario file (.toml), or the id of a shipped one")
        ->required();
    command->add_option("--model", options->models, "Models, separated by commas, or 'all'")
        ->required()
        ->delimiter(',');
    command->add_option("--workers", options->workers, "Threads or processes that do the work");
    command
        ->add_option("--set", options->settings,
                     "KEY=VALUE: a parameter of the model; may be repeated")
        ->expected(1)
        ->take_all();
    command->add_option("--seed", options->seed,
                        "For everything that varies; the scenario's by default");
    command->add_option("--repeat", options->repeat, "Run each model that often")
        ->check(CLI::Range(1, 1000));
    command->add_option("-o,--output", options->output,
                        "Where the recording goes; a folder if there are several. Of a sweep: a "
                        "folder, with its table, JSON and chart as well, or the chart alone as "
                        "OUT.png, .svg or .pdf");
    command->add_option("--fail-if", options->failIf, kFailIfHelp);
    command->add_option("--broker", options->broker,
                        "Of models with a broker: memory (the default), "
                        "amqp://user:password@host:port/vhost, or for rq redis://host:port/0; "
                        "INTERLEAVE_BROKER in the environment says it unseen by others");
    command->add_option("--broker-control", options->brokerControl,
                        "COMMAND that stops (COMMAND stop) and starts (COMMAND start) that broker, "
                        "for the fault stop-broker");
    command
        ->add_option("--fault", options->faults,
                     "What goes wrong on purpose, e.g. kill-worker@300ms, kill-worker:2@1s, "
                     "stop-broker@1s+500ms, slow-consumer:1@0s+20ms, cut-connection@1s; may be "
                     "repeated")
        ->expected(1)
        ->take_all();
    command->add_option("--sweep", options->sweep,
                        "KEY=VALUES: run once for each value, e.g. workers=1..16, workers=1,2,4,8, "
                        "'workers=1..16 step 5', switch_interval=1ms..16ms, io_share=0..100 (per "
                        "cent of each task that is I/O), task_size=25,100,400 (per cent; the work "
                        "in all stays). With --repeat, medians and how far the runs lie apart");
    command->add_flag("--json", options->json, "Of a sweep: machine-readable")->needs("--sweep");
    command->add_option("--session", options->session, "Keep the events in this folder")->group("");
    command->add_flag("!--no-events", options->recordsEvents, "Record nothing")->group("");
    command->callback([options, &action] { action = [options] { return runScenario(*options); }; });
}

/// `record` with what is before the command; the command itself is not for us to parse.
void addRecord(CLI::App& program, Action& action, const std::vector<std::string>& recorded) {
    CLI::App* command = program.add_subcommand(
        "record", "Run a program, Python or any other, and record what it does");
    auto options = std::make_shared<RecordOptions>();
    command->add_option("-o,--output", options->output,
                        "Where the recording goes (.ilv); named after the program by default");
    command
        ->add_option("--duration", options->seconds,
                     "End the recording after so many seconds and leave the program alone")
        ->check(CLI::PositiveNumber);
    command
        ->add_option("--limit", options->limitMb,
                     "End the recording when its events take so many MB")
        ->check(CLI::Range(1, 1'000'000));
    command->add_flag("!--no-gil", options->recordsGil, "Leave out Python's global lock");
    command->add_flag("--locks", options->seesLocks,
                      "Watch the locks of C programs that a Python program starts, too");
    command->add_flag("-q,--quiet", options->isQuiet, "Say nothing but errors");
    command->add_option("--session", options->session, "Keep the events in this folder")->group("");
    command->prefix_command();
    command->footer("The program's input, output, signals and exit code are as without us.\n"
                    "Example: interleave record -o run.ilv -- python3 script.py");
    command->callback([command, options, recorded, &action] {
        options->command = command->remaining();
        if (!options->command.empty() && !recorded.empty()) {
            options->command.emplace_back("--"); // it was the program's own
        }
        options->command.insert(options->command.end(), recorded.begin(), recorded.end());
        action = [options] { return recordProgram(*options); };
    });
}

void addAttach(CLI::App& program, Action& action) {
    CLI::App* attach = program.add_subcommand("attach", "Follow a system that is running");
    attach->require_subcommand(1);
    CLI::App* command = attach->add_subcommand(
        "celery", "Follow a Celery cluster by the events that its workers send");
    auto options = std::make_shared<AttachOptions>();
    command
        ->add_option("--broker", options->broker,
                     "The workers' broker: amqp://user:password@host:port/vhost")
        ->envname("INTERLEAVE_BROKER")
        ->required();
    command->add_option("-o,--output", options->output,
                        "Where the recording goes (.ilv); named after the date by default");
    command->add_option("--duration", options->seconds, "End after so many seconds")
        ->check(CLI::PositiveNumber);
    command->add_option("--limit", options->limitMb, "End when the events take so many MB")
        ->check(CLI::Range(1, 1'000'000));
    command->add_flag(
        "--enable-events", options->enablesEvents,
        "Ask all workers to send task events, as `celery control enable_events` does");
    command->add_flag("-q,--quiet", options->isQuiet, "Say nothing but errors");
    command->add_option("--session", options->session, "Keep the events in this folder")->group("");
    command->footer(
        "It ends with Ctrl-C, too. Nothing is taken from the application's queues. Workers send\n"
        "events of their tasks if they were started with -E; when tasks are sent is known where\n"
        "task_send_sent_event = True is configured.\n"
        "Example: interleave attach celery --broker amqp://guest:guest@localhost// -o now.ilv");
    command->callback(
        [options, &action] { action = [options] { return attachToCelery(*options); }; });
}

void addWorker(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "worker", "Execute tasks of runs on other hosts, taken from a broker");
    auto options = std::make_shared<WorkerOptions>();
    command
        ->add_option("--broker", options->broker,
                     "The run's broker: amqp://user:password@host:port/vhost?heartbeat=SECONDS (5 "
                     "by default: how soon a line that is cut is noticed)")
        ->envname("INTERLEAVE_BROKER")
        ->required();
    command->add_option("--name", options->name, "As it is shown; the host's name by default");
    command
        ->add_option("--workers", options->slots, "Tasks at once; the run's --workers by default")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--once", options->isOnce, "End with the first run");
    command->add_flag("-q,--quiet", options->isQuiet, "Say nothing but errors");
    command->footer(
        "On the run's host: interleave run SCENARIO --model task-queue --broker URL --set hosts=N\n"
        "waits for N workers. Ctrl-C lets it finish what it has begun; a second one ends it at "
        "once.\n"
        "Example: interleave worker --broker amqp://user:password@10.0.0.1/vhost");
    command->callback([options, &action] { action = [options] { return serveRuns(*options); }; });
}

void addExport(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "export", "Write a view of a recording as an image, or the recording as text");
    auto options = std::make_shared<ExportOptions>();
    command->add_option("FILE", options->recordings, "A recording (.ilv); several to compare them")
        ->required();
    command
        ->add_option("-o,--output", options->output,
                     "OUT.png, .svg, .pdf, .webp (the kitchen, animated), .json (Chrome trace) "
                     "or .csv")
        ->required();
    command->add_option("--view", options->view,
                        "gantt, utilisation, contention, compare, topology or kitchen");
    command->add_option("--from", options->from, "First moment shown, e.g. '20 ms'");
    command->add_option(
        "--at", options->at,
        "Topology and kitchen: the moment shown, e.g. '20 ms'; else the busiest one");
    command->add_option("--to", options->to, "Last moment shown");
    command->add_option("--speed", options->speed,
                        "Animation: share of real time, 1/1000 to 10, e.g. 1/50; else such that "
                        "it takes about 10 s");
    command->add_option("--fps", options->framesPerSecond,
                        "Animation: pictures a second, 1 to 60 (15)");
    command->add_option("--size", options->size,
                        "WIDTHxHEIGHT in pixels, 96 to the inch, e.g. 1600x900; or 84x60mm");
    command->add_option("--scale", options->scale,
                        "Pixels of the file for each of those, for sharper images");
    command->add_option("--theme", options->theme, "light, dark or print");
    command->add_option("--group", options->group, "Rows by task, worker or core");
    command->add_option("--hide", options->hide, "States to leave out, e.g. sleeping,ready");
    command->add_flag("!--no-legend", options->hasLegend, "Without the legend");
    command->add_flag("!--no-caption", options->hasCaption, "Without title and facts");
    command->callback(
        [options, &action] { action = [options] { return exportRecording(*options); }; });
}

void addImport(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "import", "Turn another program's trace (Chrome trace JSON, also .gz) into a recording");
    auto options = std::make_shared<ImportOptions>();
    command->add_option("FILE", options->trace, "The trace")->required();
    command->add_option("-o,--output", options->output, "Where the recording goes (.ilv)")
        ->required();
    command->callback([options, &action] { action = [options] { return importTrace(*options); }; });
}

void addQuestions(CLI::App& program, Action& action) {
    CLI::App* stats = program.add_subcommand("stats", "Totals of a recording");
    auto statsOptions = std::make_shared<StatsOptions>();
    stats->add_option("FILE", statsOptions->recording, "A recording (.ilv)")->required();
    stats->add_flag("--json", statsOptions->json, "Machine-readable");
    stats->add_option("--fail-if", statsOptions->failIf, kFailIfHelp);
    stats->callback(
        [statsOptions, &action] { action = [statsOptions] { return printStats(*statsOptions); }; });

    CLI::App* spans = program.add_subcommand("spans", "Every span of a recording, for scripts");
    auto spansOptions = std::make_shared<SpansOptions>();
    spans->add_option("FILE", spansOptions->recording, "A recording (.ilv)")->required();
    spans->add_option("--track", spansOptions->track,
                      "Only task, worker, core, lock or queue tracks");
    spans->add_flag("--csv", spansOptions->csv, "Comma-separated values");
    spans->callback(
        [spansOptions, &action] { action = [spansOptions] { return printSpans(*spansOptions); }; });

    CLI::App* compare = program.add_subcommand("compare", "Compare recordings of the same work");
    auto compareOptions = std::make_shared<CompareOptions>();
    compare->add_option("FILE", compareOptions->recordings, "Recordings (.ilv)")->required();
    compare->add_flag("--json", compareOptions->json, "Machine-readable, facts and waterfall too");
    compare->add_flag("--facts", compareOptions->showsFacts,
                      "Also who decides the switch, processors, processes, threads, memory and "
                      "overhead per task, as measured");
    compare->add_flag("--waterfall", compareOptions->showsWaterfall,
                      "Also where the time went, by cause; it adds up to the makespan");
    compare->add_option("-o,--output", compareOptions->output,
                        "Also as a sheet that can go on a slide: bars with their spread, the "
                        "finish lines of theory, where the time went, timelines: OUT.png, .svg "
                        "or .pdf");
    compare->add_option("--fail-if", compareOptions->failIf, kFailIfHelp);
    compare->callback([compareOptions, &action] {
        action = [compareOptions] { return compareRecordings(*compareOptions); };
    });
}

void addAdvice(CLI::App& program, Action& action) {
    const char* const scenarioHelp = "The scenario's file, where it does not come with the program";
    CLI::App* findings = program.add_subcommand(
        "findings",
        "What stands out in a recording: each with its number, why it is so, what helps");
    auto findingsOptions = std::make_shared<FindingsOptions>();
    findings->add_option("FILE", findingsOptions->recording, "A recording (.ilv)")->required();
    findings->add_flag("--json", findingsOptions->json,
                       "Machine-readable, with the spans that prove each");
    auto* tried = findings->add_option(
        "--try", findingsOptions->tryNumber,
        "Run the cure of finding N (1 is the first): the same scenario with what it says changed, "
        "and print how it compares");
    findings->add_option("--scenario", findingsOptions->scenario, scenarioHelp)->needs(tried);
    findings
        ->add_option("-o,--output", findingsOptions->output, "Where the recording of --try goes")
        ->needs(tried);
    findings->footer("Example: interleave findings out/gil-threads.ilv --try 1 -o cured.ilv");
    findings->callback([findingsOptions, &action] {
        action = [findingsOptions] { return printFindings(*findingsOptions); };
    });

    CLI::App* recommend = program.add_subcommand(
        "recommend", "Which model suits what a recording measured, why, and how sure that is");
    auto recommendOptions = std::make_shared<RecommendOptions>();
    recommend->add_option("FILE", recommendOptions->recording, "A recording (.ilv)")->required();
    recommend->add_flag("--json", recommendOptions->json, "Machine-readable");
    auto* proved = recommend->add_flag("--prove", recommendOptions->proves,
                                       "Run the first two models against each other, three times "
                                       "each, and print how they compare");
    recommend->add_option("--scenario", recommendOptions->scenario, scenarioHelp);
    recommend
        ->add_option("-o,--output", recommendOptions->output,
                     "A folder for the recordings of --prove")
        ->needs(proved);
    recommend->callback([recommendOptions, &action] {
        action = [recommendOptions] { return recommendModel(*recommendOptions); };
    });
}

} // namespace

int runCommandLine(int argc, char** argv) {
    CLI::App program{
        "Interleave: run the same work under every concurrency model and see what happened.\n"
        "Without a command it opens the window.",
        "interleave"};
    program.set_version_flag("--version", "interleave " INTERLEAVE_VERSION);
    program.require_subcommand(0, 1);
    program.footer(
        "Example: interleave run ten-dishes --model all -o out/\n"
        "Exit codes: 0 done, 1 --fail-if held, 2 wrong use or bad input, 3 a part is missing, "
        "130 stopped by Ctrl-C.");
    std::vector<std::string> files;
    program.add_option("FILE", files, "Recordings or scenarios to open in the window");
    Action action;
    addLists(program, action);
    addLesson(program, action);
    addRun(program, action);
    const std::vector<std::string> recorded = takeRecordedCommand(argc, argv);
    addRecord(program, action, recorded);
    addAttach(program, action);
    addWorker(program, action);
    addExport(program, action);
    addImport(program, action);
    addQuestions(program, action);
    addAdvice(program, action);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return program.exit(error); // --help, --version
        }
        return report({fmt::format("{}; see `interleave --help`.", error.what())});
    }
    return action ? action() : openWindow(files, argc, argv);
}

} // namespace interleave::app
