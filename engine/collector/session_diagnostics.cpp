// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/session_diagnostics.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace interleave::collector {

using recording::Diagnostic;
using recording::RecordingBuilder;
using recording::Severity;

namespace {

std::optional<Diagnostic> diagnosticOf(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string() ||
        !json.contains("message") || !json["message"].is_string()) {
        return std::nullopt;
    }
    Diagnostic diagnostic;
    diagnostic.kind = json["kind"].get<std::string>();
    diagnostic.message = json["message"].get<std::string>();
    if (const auto count = json.find("count"); count != json.end() && count->is_number_unsigned()) {
        diagnostic.count = count->get<std::uint64_t>();
    }
    for (const Severity severity : {Severity::Info, Severity::Warning, Severity::DataLoss}) {
        if (const auto said = json.find("severity");
            said != json.end() && said->is_string() &&
            said->get_ref<const std::string&>() == nameOf(severity)) {
            diagnostic.severity = severity;
        }
    }
    return diagnostic;
}

class Reporter {
public:
    explicit Reporter(RecordingBuilder& builder)
        : m_builder(builder) {}

    /// What follows the number: "1 event was dropped", "3 events were dropped"; `more` for both.
    struct Sentence {
        const char* one;
        const char* many;
        const char* more = "";
    };
    void report(const char* kind, Severity severity, std::uint64_t count, Sentence sentence) {
        if (count != 0) {
            m_builder.addDiagnostic(
                {kind, severity, count,
                 fmt::format("{} {}{}", count, count == 1 ? sentence.one : sentence.many,
                             sentence.more)});
        }
    }

private:
    RecordingBuilder& m_builder;
};

std::uint64_t droppedIn(const std::vector<StreamEvents>& streams) {
    std::uint64_t dropped = 0;
    for (const StreamEvents& stream : streams) {
        for (const TimedEvent& event : stream.events) {
            dropped += event.kind == record::EventKind::Dropped ? event.a : 0;
        }
    }
    return dropped;
}

/// The recording ended before what it is of.
bool goesOn(const SessionFacts& facts) {
    constexpr std::array<std::string_view, 4> kinds{kEndedForRoom, kEndedInTime, kProcessesWentOn,
                                                    kDetached};
    return std::ranges::any_of(facts.diagnostics, [&](const Diagnostic& diagnostic) {
        return std::ranges::find(kinds, diagnostic.kind) != kinds.end();
    });
}

void reportMissingEnds(const TaskHistory& history, const WorkerTable& workers,
                       const SessionFacts& facts, Reporter& reporter) {
    std::uint64_t endless = 0;
    std::uint64_t unsubmitted = 0;
    for (std::uint32_t i = 1; i <= history.taskCount(); ++i) {
        const bool hasBegun = !history.of(TaskId{i}).empty();
        endless += hasBegun && !history.endOf(TaskId{i});
        unsubmitted += !hasBegun;
    }
    reporter.report("unsubmitted-tasks", Severity::Info, unsubmitted,
                    {"task of the scenario was never submitted.",
                     "tasks of the scenario were never submitted."});
    if (goesOn(facts)) {
        reporter.report("unfinished-tasks", Severity::Info, endless,
                        {"task was at work when the recording ended; it counts as cancelled.",
                         "tasks were at work when the recording ended; they count as cancelled."});
        return;
    }
    reporter.report("unfinished-tasks", Severity::Warning, endless,
                    {"task has no end: whoever executed it was killed or is still at work. It is "
                     "shown as cancelled where its recording ends.",
                     "tasks have no end: whoever executed them was killed or is still at work. "
                     "They are shown as cancelled where their recording ends."});
    const auto killed = std::ranges::count_if(workers.threads(), [](const WorkerThread& thread) {
        return !thread.isEndSeen && !thread.isControl;
    });
    reporter.report(
        "killed-workers", Severity::Warning, static_cast<std::uint64_t>(killed),
        {"worker ended without saying so: it was killed. What it had recorded by then is shown.",
         "workers ended without saying so: they were killed. What they had recorded by then is "
         "shown."});
}

} // namespace

std::vector<Diagnostic> parseDiagnostics(std::string_view jsonLines) {
    std::vector<Diagnostic> diagnostics;
    while (!jsonLines.empty()) {
        const auto end = std::min(jsonLines.find('\n'), jsonLines.size());
        if (auto diagnostic = diagnosticOf(jsonLines.substr(0, end))) {
            diagnostics.push_back(std::move(*diagnostic));
        }
        jsonLines.remove_prefix(std::min(end + 1, jsonLines.size()));
    }
    return diagnostics;
}

void addSessionDiagnostics(const std::vector<StreamEvents>& streams, const SessionFacts& facts,
                           const TaskHistory& history, const WorkerTable& workers,
                           const CoreTime& cores, const Oddities& oddities,
                           RecordingBuilder& builder) {
    for (const Diagnostic& diagnostic : facts.diagnostics) {
        builder.addDiagnostic(diagnostic);
    }
    Reporter reporter(builder);
    reporter.report(
        "dropped-events", Severity::DataLoss, std::max(facts.droppedEvents, droppedIn(streams)),
        {"event was dropped for want of space: what it would have said is missing.",
         "events were dropped for want of space: what they would have said is missing."});
    reporter.report(
        "lost-switches", Severity::DataLoss, facts.lostSwitches + cores.lostSwitches,
        {"switch of the kernel was lost: times on cores are not exact around it.",
         "switches of the kernel were lost: times on cores are not exact around them."});
    if (!facts.isLive) {
        reportMissingEnds(history, workers, facts, reporter);
    }
    reporter.report("unknown-id", Severity::Warning, oddities.unknownIds,
                    {"event names", "events name",
                     " a task, object, step, counter or core that is not known; left out."});
    reporter.report(
        "unpaired-switches", Severity::Warning, oddities.unpairedSwitches,
        {"switch of the kernel has", "switches of the kernel have",
         " no other half; the time on the core is shown up to the next thing that is known."});
    reporter.report("unpaired-lock-events", Severity::Warning, oddities.unpairedReleases,
                    {"release of a lock or delivery from a queue has no beginning.",
                     "releases of locks or deliveries from queues have no beginning."});
    reporter.report("overlapping-holds", Severity::Warning, oddities.overlappingHolds,
                    {"time", "times", " a lock was acquired while somebody held it."});
    reporter.report("tasks-at-once", Severity::Warning, oddities.tasksAtOnce,
                    {"time", "times", " a worker took up a task while another was running on it."});
    reporter.report(
        "events-after-end", Severity::Warning, oddities.eventsAfterEnd,
        {"change of state of a task that had ended.", "changes of state of tasks that had ended."});
    reporter.report(
        "late-messages", Severity::Warning, oddities.lateMessages,
        {"step of a message was told long before what it follows from; it is shown right after it.",
         "steps of messages were told long before what they follow from; they are shown right "
         "after it."});
    reporter.report("unpaired-messages", Severity::Warning, oddities.unpairedMessages,
                    {"step of a message or consumer ends what had not begun.",
                     "steps of messages or consumers end what had not begun."});
    reporter.report("repeated-messages", Severity::Warning, oddities.repeatedMessages,
                    {"step of a message was told twice, or of a message that somebody else had.",
                     "steps of messages were told twice, or of a message that somebody else had."});
    reporter.report(
        "unfollowed-workers", Severity::Warning, oddities.unfollowedWorkers,
        {"worker was not seen by the kernel reader; its states are as the program says them.",
         "workers were not seen by the kernel reader; their states are as the program says them."});
}

} // namespace interleave::collector
