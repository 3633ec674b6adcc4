// SPDX-License-Identifier: GPL-3.0-or-later
// `stats` and `spans`: a recording in numbers, for people and for scripts.
#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/fail_if.h"
#include "app/load_recording.h"
#include "engine/analysis/span_csv.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/statistics_json.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <stop_token>
#include <unistd.h>

namespace interleave::app {

namespace {

using recording::Recording;

std::string durationOr(const std::optional<Nanoseconds>& ns) {
    return ns ? formatDuration(*ns) : "unknown";
}

std::string waitsOf(const analysis::LockStatistics& lock) {
    if (lock.waits == 0) {
        return "nobody waited";
    }
    return fmt::format("{} waits, {} waited (half of them under {}); {} hand-overs, {} forced",
                       lock.waits, formatDuration(lock.waitNs), durationOr(lock.waitP50Ns),
                       lock.handoffs, lock.forcedHandoffs);
}

void printLocks(const analysis::Statistics& statistics) {
    for (const analysis::LockStatistics& lock : statistics.locks) {
        if (lock.holds == 0 && lock.waits == 0) {
            continue;
        }
        fmt::print("{:<14} {} holds, {} held; {}\n", lock.name, lock.holds,
                   formatDuration(lock.holdNs), waitsOf(lock));
    }
}

std::string queueTimes(const analysis::MessageTotals& totals) {
    if (totals.queueTime.count == 0) {
        return {};
    }
    return fmt::format("; queued {} (99 % under {}), held {} (99 % under {})",
                       durationOr(totals.queueTime.p50Ns), durationOr(totals.queueTime.p99Ns),
                       durationOr(totals.unackedTime.p50Ns), durationOr(totals.unackedTime.p99Ns));
}

/// "90 acked, 10 dead-lettered": what became of the copies.
std::string endsText(const analysis::CopyEnds& ends) {
    std::string text;
    for (std::size_t i = 0; i < analysis::kCopyEnds; ++i) {
        if (ends.count[i] != 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", ends.count[i],
                                nameOf(static_cast<recording::CopyEnd>(i)));
        }
    }
    return text.empty() ? "nothing came" : text;
}

/// Where messages come from: publishers, or other queues that they have died in.
std::string cameText(const analysis::QueueReport& queue) {
    const std::uint64_t dead = queue.totals.deadLettersIn;
    if (dead == 0) {
        return fmt::format("{} published", queue.published);
    }
    const std::string came = fmt::format("{} came as dead letters", dead);
    return queue.published == 0 ? came : fmt::format("{} published, {}", queue.published, came);
}

void printMessages(const analysis::Statistics& statistics) {
    for (const analysis::QueueStatistics& queue : statistics.queues) {
        if (!queue.messages) {
            fmt::print("{:<14} {} put, {} taken, {} at most\n", queue.name, queue.published,
                       queue.delivered, queue.maxDepth);
            continue;
        }
        const analysis::MessageTotals& totals = queue.messages->totals;
        fmt::print("{:<14} {}, {} delivered, {} redelivered, {} at most; {}{}\n", queue.name,
                   cameText(*queue.messages), totals.delivered, totals.redelivered, queue.maxDepth,
                   endsText(totals.ends), queueTimes(totals));
    }
    if (!statistics.messages) {
        return;
    }
    const analysis::MessageReport& all = *statistics.messages;
    fmt::print("{:<14} {} published, {} copies in queues: {}; {} unroutable, {} returned\n",
               "messages", all.published, all.totals.routed, endsText(all.totals.ends),
               all.unroutable, all.returned);
    for (const std::string& fault : all.faults()) {
        fmt::print("{:<14} {}\n", "unaccounted", fault);
    }
    if (statistics.backlog.starvedNs > 0) {
        fmt::print("{:<14} workers idled {} in all while others had reserved tasks\n", "prefetch",
                   formatDuration(statistics.backlog.starvedNs));
    }
}

void printText(const Recording& recording) {
    const analysis::Statistics statistics = analysis::statisticsOf(recording);
    const recording::RunInfo& info = recording.info;
    fmt::print("{} under {} ({}), {} worker{} on {} core{}\n", info.scenario, info.model,
               recording::nameOf(info.source), info.workers, info.workers == 1 ? "" : "s",
               info.cores, info.cores == 1 ? "" : "s");
    fmt::print("{:<14} {}\n", "makespan", formatDuration(statistics.makespanNs));
    fmt::print("{:<14} {}\n", "CPU time", durationOr(statistics.cpuNs));
    if (statistics.parallelismMean && statistics.parallelismMax) {
        fmt::print("{:<14} {:.2f} on average, {} at most\n", "parallelism",
                   *statistics.parallelismMean, *statistics.parallelismMax);
    }
    fmt::print("{:<14} {} of {} done, {} failed, {} cancelled\n", "tasks", statistics.tasksDone,
               statistics.tasksTotal, statistics.tasksFailed, statistics.tasksCancelled);
    const auto total = static_cast<double>(statistics.states.total());
    for (int i = 0; i < kStateCount; ++i) {
        const Nanoseconds ns = statistics.states.ns[static_cast<std::size_t>(i)];
        if (ns > 0) {
            fmt::print("{:<14} {} ({:.0f} %)\n", nameOf(static_cast<State>(i)), formatDuration(ns),
                       100 * static_cast<double>(ns) / total);
        }
    }
    if (statistics.voluntarySwitches && statistics.involuntarySwitches) {
        fmt::print("{:<14} {} voluntary, {} involuntary\n", "switches",
                   *statistics.voluntarySwitches, *statistics.involuntarySwitches);
    }
    printLocks(statistics);
    printMessages(statistics);
    for (const recording::Diagnostic& item : recording.diagnostics) {
        fmt::print("{:<14} {}\n", recording::nameOf(item.severity), item.message);
    }
}

/// To stdout, past the buffer of the C library. A pipe that nobody reads any more (`| head`) is the
/// end of the work, not an error.
class Output {
public:
    Result<void> write(std::string_view text) {
        while (!text.empty() && !m_isClosed) {
            const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
            if (written >= 0) {
                text.remove_prefix(static_cast<std::size_t>(written));
            } else if (errno == EPIPE) {
                m_isClosed = true;
                m_stop.request_stop();
            } else if (errno != EINTR) {
                return fail(fmt::format("The output can't be written ({}).", std::strerror(errno)));
            }
        }
        return {};
    }
    analysis::TextSink sink() {
        return {.write = [this](std::string_view text) { return write(text); },
                .stop = m_stop.get_token()};
    }

private:
    bool m_isClosed = false;
    std::stop_source m_stop;
};

int printAll(const std::string& text) {
    const auto written = Output().write(text);
    return written ? static_cast<int>(kDone) : report(written.error());
}

int printSpanText(const Recording& recording, std::optional<recording::TrackKind> kind) {
    constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
    Output output;
    std::string text;
    Result<void> written;
    for (const recording::Track& track : recording.tracks) {
        if (kind && track.kind != *kind) {
            continue;
        }
        text += fmt::format("{} {}\n", recording::nameOf(track.kind), track.name);
        for (std::size_t i = 0; i < track.spans.size() && written; ++i) {
            const recording::Span span = track.spans.at(i);
            text += fmt::format("  {:>10}  {:<12} {} {}\n", formatDuration(span.range.beginNs),
                                formatDuration(span.range.durationNs()), nameOf(span.state),
                                recording.strings.text(span.name));
            if (text.size() > kPieceBytes) {
                written = output.write(text);
                text.clear();
            }
        }
    }
    if (written) {
        written = output.write(text);
    }
    return written ? static_cast<int>(kDone) : report(written.error());
}

} // namespace

int printStats(const StatsOptions& options) {
    const auto condition = FailIf::parse(options.failIf);
    if (!condition) {
        return report(condition.error());
    }
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    if (options.json) {
        const auto statistics = analysis::statisticsOf(**recording);
        if (const int code = printAll(analysis::statisticsJson(**recording, statistics))) {
            return code;
        }
    } else {
        printText(**recording);
    }
    return condition->exitCodeFor({&*recording, 1});
}

int printSpans(const SpansOptions& options) {
    std::optional<recording::TrackKind> kind;
    if (!options.track.empty()) {
        kind = analysis::trackKindNamed(options.track);
        if (!kind) {
            return report({fmt::format("--track {}: there are task, worker, core, lock and queue "
                                       "tracks.",
                                       options.track)});
        }
    }
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    if (!options.csv) {
        return printSpanText(**recording, kind);
    }
    Output output;
    const auto written = analysis::writeSpanCsv(**recording, kind, output.sink());
    return written ? static_cast<int>(kDone) : report(written.error());
}

} // namespace interleave::app
