// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/named_value.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace interleave::analysis {

using recording::Recording;

namespace {

using MaybeNumber = std::optional<double>;

template <class T>
MaybeNumber maybeDouble(const std::optional<T>& value) {
    return value ? MaybeNumber(static_cast<double>(*value)) : std::nullopt;
}

MaybeNumber maybeDouble(std::uint64_t value) {
    return static_cast<double>(value);
}

MaybeNumber countOfMessages(const Statistics& statistics,
                            std::uint64_t (*count)(const MessageReport&)) {
    return statistics.messages ? MaybeNumber(static_cast<double>(count(*statistics.messages)))
                               : std::nullopt;
}

/// Processes in which tasks were executed.
double workerProcessesOf(const Recording& recording) {
    std::set<std::uint32_t> pids;
    for (const recording::WorkerInfo& worker : recording.workers) {
        if (!worker.isControl) {
            pids.insert(worker.pid);
        }
    }
    return static_cast<double>(pids.size());
}

struct NamedTotal {
    std::string_view name;
    MaybeNumber (*value)(const Recording&, const Statistics&);
};

constexpr NamedTotal kNamedTotals[] = {
    {"makespan_s",
     [](const Recording&, const Statistics& s) -> MaybeNumber { return toSeconds(s.makespanNs); }},
    {"cpu_s",
     [](const Recording&, const Statistics& s) -> MaybeNumber {
         return s.cpuNs ? MaybeNumber(toSeconds(*s.cpuNs)) : std::nullopt;
     }},
    {"parallelism_max",
     [](const Recording&, const Statistics& s) -> MaybeNumber { return s.parallelismMax; }},
    {"parallelism_mean", [](const Recording&, const Statistics& s) { return s.parallelismMean; }},
    {"peak_rss_bytes",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.peakRssBytes); }},
    {"tasks_total",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.tasksTotal); }},
    {"tasks_done", [](const Recording&, const Statistics& s) { return maybeDouble(s.tasksDone); }},
    {"tasks_failed",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.tasksFailed); }},
    {"tasks_cancelled",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.tasksCancelled); }},
    {"switches_voluntary",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.voluntarySwitches); }},
    {"switches_involuntary",
     [](const Recording&, const Statistics& s) { return maybeDouble(s.involuntarySwitches); }},
    {"migrations", [](const Recording&, const Statistics& s) { return maybeDouble(s.migrations); }},
    {"messages_lost",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(
             s, [](const MessageReport& m) { return m.totals.ends.of(recording::CopyEnd::Lost); });
     }},
    {"messages_redelivered",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.totals.redelivered; });
     }},
    {"messages_unaccounted",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.unaccounted; });
     }},
    {"idle_while_reserved_elsewhere_s",
     [](const Recording&, const Statistics& s) -> MaybeNumber {
         return s.messages ? MaybeNumber(toSeconds(s.backlog.starvedNs)) : std::nullopt;
     }},
    {"messages_published",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.published; });
     }},
    {"messages_routed",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.totals.routed; });
     }},
    {"messages_unroutable",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.unroutable; });
     }},
    {"messages_returned",
     [](const Recording&, const Statistics& s) {
         return countOfMessages(s, [](const MessageReport& m) { return m.returned; });
     }},
    {"steals",
     [](const Recording& r, const Statistics&) -> MaybeNumber {
         return static_cast<double>(
             std::ranges::count(r.links, recording::LinkKind::Steal, &recording::Link::kind));
     }},
    {"worker_processes",
     [](const Recording& r, const Statistics&) -> MaybeNumber { return workerProcessesOf(r); }},
    {"worker_threads",
     [](const Recording& r, const Statistics&) -> MaybeNumber {
         return static_cast<double>(
             std::ranges::count(r.workers, false, &recording::WorkerInfo::isControl));
     }},
    {"workers",
     [](const Recording& r, const Statistics&) -> MaybeNumber { return r.info.workers; }},
    {"cores", [](const Recording& r, const Statistics&) -> MaybeNumber { return r.info.cores; }},
};

bool hasTotalsByName(State state) {
    return !isEnd(state) && state < State::Held;
}

MaybeNumber shareOfTaskTime(Nanoseconds ns, const Statistics& statistics) {
    const auto all = static_cast<double>(statistics.states.total());
    return all > 0 ? MaybeNumber(static_cast<double>(ns) / all) : std::nullopt;
}

/// The longest single span of a state on any task's track.
Nanoseconds longestSpanOf(const Recording& recording, State state) {
    Nanoseconds longest = 0;
    for (const recording::Track& track : recording.tracks) {
        if (track.kind != recording::TrackKind::Task) {
            continue;
        }
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            if (track.spans.state[i] == state) {
                longest = std::max(longest, track.spans.duration[i]);
            }
        }
    }
    return longest;
}

struct StateTotal {
    std::string_view suffix;
    MaybeNumber (*value)(const Recording&, const Statistics&, State);
};

Nanoseconds nsInState(const Statistics& statistics, State state) {
    return statistics.states.ns[static_cast<std::size_t>(state)];
}

/// "waiting_gil_share", "waiting_gil_longest_s", "waiting_gil_s".
constexpr StateTotal kStateTotals[] = {
    {"_share", [](const Recording&, const Statistics& s,
                  State state) { return shareOfTaskTime(nsInState(s, state), s); }},
    {"_longest_s",
     [](const Recording& r, const Statistics&, State state) -> MaybeNumber {
         return toSeconds(longestSpanOf(r, state));
     }},
    {"_s",
     [](const Recording&, const Statistics& s, State state) -> MaybeNumber {
         return toSeconds(nsInState(s, state));
     }},
};

std::optional<std::pair<State, const StateTotal*>> stateTotalNamed(std::string_view name) {
    for (const StateTotal& total : kStateTotals) {
        if (name.ends_with(total.suffix)) {
            const auto state = stateNamed(name.substr(0, name.size() - total.suffix.size()));
            if (state && hasTotalsByName(*state)) {
                return std::pair(*state, &total);
            }
        }
    }
    return std::nullopt;
}

MaybeNumber maybeSeconds(const std::optional<Nanoseconds>& ns) {
    return ns ? MaybeNumber(toSeconds(*ns)) : std::nullopt;
}

template <class Subject>
struct PartTotal {
    std::string_view key;
    MaybeNumber (*value)(const Subject&);
};

constexpr PartTotal<LockStatistics> kLockTotals[] = {
    {"holds", [](const LockStatistics& l) { return maybeDouble(l.holds); }},
    {"hold_s", [](const LockStatistics& l) -> MaybeNumber { return toSeconds(l.holdNs); }},
    {"hold_p50_s", [](const LockStatistics& l) { return maybeSeconds(l.holdP50Ns); }},
    {"waits", [](const LockStatistics& l) { return maybeDouble(l.waits); }},
    {"wait_s", [](const LockStatistics& l) -> MaybeNumber { return toSeconds(l.waitNs); }},
    {"wait_p50_s", [](const LockStatistics& l) { return maybeSeconds(l.waitP50Ns); }},
    {"wait_p99_s", [](const LockStatistics& l) { return maybeSeconds(l.waitP99Ns); }},
    {"handoffs", [](const LockStatistics& l) { return maybeDouble(l.handoffs); }},
    {"forced_handoffs", [](const LockStatistics& l) { return maybeDouble(l.forcedHandoffs); }},
    {"max_waiters", [](const LockStatistics& l) -> MaybeNumber { return l.maxWaiters; }},
    {"fairness_jain", [](const LockStatistics& l) -> MaybeNumber { return l.fairnessJain; }},
};

MaybeNumber countOfCopies(const QueueStatistics& queue,
                          std::uint64_t (*count)(const MessageTotals&)) {
    return queue.messages ? maybeDouble(count(queue.messages->totals)) : std::nullopt;
}

constexpr PartTotal<QueueStatistics> kQueueTotals[] = {
    {"max_depth", [](const QueueStatistics& q) -> MaybeNumber { return q.maxDepth; }},
    {"published", [](const QueueStatistics& q) { return maybeDouble(q.published); }},
    {"delivered", [](const QueueStatistics& q) { return maybeDouble(q.delivered); }},
    {"acked",
     [](const QueueStatistics& q) {
         return countOfCopies(q, [](const MessageTotals& t) { return t.acked; });
     }},
    {"redelivered",
     [](const QueueStatistics& q) {
         return countOfCopies(q, [](const MessageTotals& t) { return t.redelivered; });
     }},
};

/// The parts of "locks.GIL.wait_s" or locks."the stove".wait_s; the name may hold dots itself.
struct PartName {
    std::string_view list, name, key;
};

std::optional<PartName> partNamed(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t last = text.rfind('.');
    if (first == std::string_view::npos || last <= first + 1) {
        return std::nullopt;
    }
    PartName part{text.substr(0, first), text.substr(first + 1, last - first - 1),
                  text.substr(last + 1)};
    if (part.name.size() >= 2 && part.name.front() == '"' && part.name.back() == '"') {
        part.name = part.name.substr(1, part.name.size() - 2);
    }
    return part;
}

template <class Subject, std::size_t kCount>
const PartTotal<Subject>* partTotalNamed(const PartTotal<Subject> (&totals)[kCount],
                                         std::string_view key) {
    const auto* const found = std::ranges::find(totals, key, &PartTotal<Subject>::key);
    return found == std::end(totals) ? nullptr : found;
}

template <class Subject, std::size_t kCount>
MaybeNumber partValue(const std::vector<Subject>& subjects,
                      const PartTotal<Subject> (&totals)[kCount], const PartName& part) {
    const auto subject = std::ranges::find(subjects, part.name, &Subject::name);
    const auto* const total = partTotalNamed(totals, part.key);
    return subject == subjects.end() || total == nullptr ? std::nullopt : total->value(*subject);
}

template <class Subject, std::size_t kCount>
std::string partKeys(const PartTotal<Subject> (&totals)[kCount]) {
    std::vector<std::string_view> keys;
    for (const auto& total : totals) {
        keys.push_back(total.key);
    }
    return fmt::format("{}", fmt::join(keys, ", "));
}

bool isKnownName(std::string_view name) {
    if (const auto part = partNamed(name)) {
        return (part->list == "locks" && partTotalNamed(kLockTotals, part->key) != nullptr) ||
               (part->list == "queues" && partTotalNamed(kQueueTotals, part->key) != nullptr);
    }
    return stateTotalNamed(name) ||
           std::ranges::find(kNamedTotals, name, &NamedTotal::name) != std::end(kNamedTotals);
}

} // namespace

std::vector<std::string> totalNames() {
    std::vector<std::string> names;
    for (const NamedTotal& total : kNamedTotals) {
        names.emplace_back(total.name);
    }
    for (const StateTotal& total : kStateTotals) {
        for (int i = 0; i < kStateCount; ++i) {
            if (hasTotalsByName(static_cast<State>(i))) {
                names.push_back(fmt::format("{}{}", nameOf(static_cast<State>(i)), total.suffix));
            }
        }
    }
    return names;
}

Result<void> checkTotalName(std::string_view name) {
    if (isKnownName(name)) {
        return {};
    }
    return fail(fmt::format("a name was expected; known are {}, and of each lock "
                            "locks.NAME.KEY with {}, of each queue queues.NAME.KEY with {}",
                            fmt::join(totalNames(), ", "), partKeys(kLockTotals),
                            partKeys(kQueueTotals)));
}

std::optional<double> totalNamed(std::string_view name, const Recording& recording,
                                 const Statistics& statistics) {
    if (const auto total = std::ranges::find(kNamedTotals, name, &NamedTotal::name);
        total != std::end(kNamedTotals)) {
        return total->value(recording, statistics);
    }
    if (const auto part = partNamed(name)) {
        return part->list == "locks" ? partValue(statistics.locks, kLockTotals, *part)
                                     : partValue(statistics.queues, kQueueTotals, *part);
    }
    const auto state = stateTotalNamed(name);
    return state ? state->second->value(recording, statistics, state->first) : std::nullopt;
}

} // namespace interleave::analysis
