// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/live_recording.h"

#include "engine/collector/assemble.h"
#include "engine/collector/carry_over.h"
#include "engine/collector/message_tracks.h"
#include "engine/recording/message_lives.h"

#include <algorithm>
#include <limits>

namespace interleave::collector {

using recording::Counter;
using recording::Link;
using recording::Mark;
using recording::Recording;
using recording::Span;
using recording::Track;
using recording::TrackKind;

namespace {

// Fewer events are assembled again in a few milliseconds.
constexpr std::size_t kSettleAbove = 16'384;

// A thread that was pre-empted between reading the clock and storing its event writes late.
constexpr Nanoseconds kMarginNs = 20'000'000;

Nanoseconds latestOf(const Link& link) {
    return std::max(link.from.timeNs, link.to.timeNs);
}

/// Spans of one worker or task follow each other; where the end of what is settled came out a
/// little later than what follows it, the latter gives way.
bool isFlatKind(TrackKind kind) {
    return kind == TrackKind::Task || kind == TrackKind::Worker || kind == TrackKind::Core;
}

void addLinksSorted(std::vector<Link>& links, const std::vector<Link>& more) {
    const auto middle = links.insert(links.end(), more.begin(), more.end());
    std::inplace_merge(links.begin(), middle, links.end(),
                       [](const Link& a, const Link& b) { return a.from.timeNs < b.from.timeNs; });
}

auto counterNamed(std::vector<Counter>& counters, const Counter& wanted) {
    return std::ranges::find_if(counters, [&](const Counter& counter) {
        return counter.name == wanted.name && counter.unit == wanted.unit &&
               counter.subject == wanted.subject;
    });
}

/// Points of the window after those that are settled.
void addPoints(Counter& counter, const Counter& window, std::size_t windowCount) {
    const Nanoseconds last =
        counter.time.empty() ? std::numeric_limits<Nanoseconds>::min() : counter.time.back();
    for (std::size_t i = 0; i < windowCount; ++i) {
        // A level that was carried over is known already; loads are kept one a period.
        const bool isKnown = counter.name != "other load" && !counter.value.empty() &&
                             counter.value.back() == window.value[i];
        if (window.time[i] > last && !isKnown) {
            counter.time.push_back(window.time[i]);
            counter.value.push_back(window.value[i]);
        }
    }
}

/// Messages that share the level below those that have one of their own.
bool isOfMoreMessages(const Track& track, const Span& span) {
    return track.kind == TrackKind::Queue && span.depth >= kMessageLevels && span.task.isNone();
}

/// Of each task whether a message that may be delivered again carries it.
std::vector<bool> tasksOfOpenMessages(const Recording& window, Nanoseconds until) {
    std::vector<bool> found(window.tasks.size(), false);
    for (const recording::MessageCopy& copy : recording::MessageLives::of(window.messages).copies) {
        if (copy.task && copy.endNs > until) {
            found[copy.task.value - 1] = true;
        }
    }
    return found;
}

void count(recording::WorkerInfo& worker, const recording::Switch& leave) {
    ++(leave.isPreempted ? worker.involuntarySwitches : worker.voluntarySwitches);
}

bool isMigration(const Span& span, std::int16_t& lastCore) {
    if (span.state != State::Running || span.core < 0) {
        return false;
    }
    const bool hasMoved = lastCore >= 0 && lastCore != span.core;
    lastCore = span.core;
    return hasMoved;
}

} // namespace

LiveRecording::LiveRecording(const Manifest& manifest)
    : m_manifest(manifest)
    , m_settledNs(std::numeric_limits<Nanoseconds>::min()) {}

void LiveRecording::add(StreamKey key, const StreamEvents& events) {
    StreamEvents& stream = m_streams[key];
    if (stream.events.empty() || stream.info.role != record::StreamRole::Worker) {
        stream.info = events.info; // a control stream that executed tasks stays a worker
    }
    stream.pid = events.pid;
    stream.tid = events.tid;
    stream.segment = events.segment;
    stream.isAgents = events.isAgents;
    m_hasAgents = m_hasAgents || events.isAgents;
    stream.events.insert(stream.events.end(), events.events.begin(), events.events.end());
    m_openEvents += events.events.size();
}

std::shared_ptr<const Recording> LiveRecording::snapshot(const SessionFacts& facts) {
    std::vector<StreamEvents> streams;
    for (const auto& [key, stream] : m_streams) {
        streams.push_back(stream);
    }
    m_ended.resize(m_manifest.tasks.size()); // a recorded program's grow in number
    m_isEnded.resize(m_manifest.tasks.size(), false);
    SessionFacts sofar = facts;
    sofar.lostSwitches += m_lostSwitches;
    const Assembled assembled = assembleFrom(
        m_manifest, streams, sofar, {m_zero, &m_strings, {m_messages, m_settledNs, m_sharing}});
    const std::shared_ptr<const Recording>& window = assembled.recording;
    if (!hasSameWorkers(*window)) {
        return nullptr;
    }
    const std::shared_ptr<const Recording> whole = m_zero ? withSettled(*window) : window;
    if (m_openEvents > kSettleAbove) {
        if (const auto until = settleTime(*window)) {
            const Nanoseconds zero = m_zero.value_or(timeZeroOf(streams));
            settle(*window, *until);
            m_sharing = assembled.sharing;
            m_zero = zero;
            carryOver(streams, m_manifest, *window, zero, zero + *until);
            auto carried = streams.begin();
            m_openEvents = 0;
            for (auto& [key, stream] : m_streams) {
                stream = std::move(*carried++);
                m_openEvents += static_cast<std::size_t>(
                    std::ranges::count_if(stream.events, [&](const TimedEvent& event) {
                        return event.ns > zero + *until;
                    }));
            }
        }
    }
    return whole;
}

bool LiveRecording::hasSameWorkers(const Recording& window) const {
    return m_workers.size() <= window.workers.size() &&
           std::ranges::equal(
               m_workers.begin(), m_workers.end(), window.workers.begin(),
               window.workers.begin() + static_cast<std::ptrdiff_t>(m_workers.size()),
               [&](const recording::WorkerInfo& a, const recording::WorkerInfo& b) {
                   return a.tid == b.tid && a.pid == b.pid && (m_hasAgents || a.name == b.name) &&
                          a.isControl == b.isControl;
               });
}

bool LiveRecording::hasSettledName(TaskId task) const {
    const auto& tasks = m_tracks[static_cast<std::size_t>(TrackKind::Task)];
    return task.value < tasks.size() && tasks[task.value].spans.size() > 0;
}

// The load of other programs is known up to its last sample only, and what it fills are the gaps
// between our own times on the core, so nothing later may be settled.
std::optional<Nanoseconds> LiveRecording::settleTime(const Recording& window) const {
    const Nanoseconds limit = window.range.endNs - kMarginNs;
    Nanoseconds until = limit;
    bool isSampled = false;
    for (const Counter& counter : window.counters) {
        if (counter.name != "other load" || counter.time.empty()) {
            continue;
        }
        const auto after = std::ranges::upper_bound(counter.time, limit);
        const Nanoseconds last = after == counter.time.begin() ? m_settledNs : *std::prev(after);
        until = isSampled ? std::max(until, last) : last;
        isSampled = true;
    }
    return until > m_settledNs && until > 0 ? std::optional(until) : std::nullopt;
}

void LiveRecording::settle(const Recording& window, Nanoseconds until) {
    m_strings = window.strings;
    std::vector<Link> links = openLinks(window); // before the tracks forget who put an item
    std::erase_if(links, [until](const Link& link) { return latestOf(link) > until; });
    addLinksSorted(m_links, links);
    settleTracks(window, until);
    settleWorkers(window, until);
    settleCounters(window, until);
    settleMessages(window, until);
    const std::vector<bool> mayBeginAnew = tasksOfOpenMessages(window, until);
    for (std::size_t i = 0; i < window.tasks.size(); ++i) {
        const recording::TaskInfo& task = window.tasks[i];
        const bool hasBegun = task.submittedNs <= until;
        if (!m_isEnded[i] && hasBegun && task.endNs <= until && task.end != State::Failed &&
            !mayBeginAnew[i]) {
            m_isEnded[i] = true;
            m_ended[i] = task;
        }
    }
    std::ranges::copy_if(window.marks, std::back_inserter(m_marks), [&](const Mark& mark) {
        return mark.timeNs > m_settledNs && mark.timeNs <= until;
    });
    for (const recording::ProcessInfo& process : window.processes) {
        std::uint64_t& peak = m_peakRss[process.pid];
        peak = std::max(peak, process.peakRssBytes);
    }
    for (const recording::Diagnostic& diagnostic : window.diagnostics) {
        if (diagnostic.kind == "lost-switches") {
            m_lostSwitches = diagnostic.count; // what was settled before is in it
        }
    }
    m_settledNs = until;
}

void LiveRecording::settleMessages(const Recording& window, Nanoseconds until) {
    std::ranges::copy_if(window.messages, std::back_inserter(m_messages),
                         [&](const recording::MessageEvent& event) {
                             return event.timeNs > m_settledNs && event.timeNs <= until;
                         });
}

void LiveRecording::settleTracks(const Recording& window, Nanoseconds until) {
    std::map<std::pair<std::uint32_t, Nanoseconds>, TaskId> putters;
    std::map<std::uint32_t, Nanoseconds> moreSince;
    for (const Track& track : window.tracks) {
        std::vector<SettledTrack>& ofKind = m_tracks[static_cast<std::size_t>(track.kind)];
        if (ofKind.size() <= track.subject) {
            ofKind.resize(track.subject + std::size_t{1});
        }
        SettledTrack& settled = ofKind[track.subject];
        if (!settled.isKnown) {
            settled.isKnown = true;
            settled.name = track.name;
        }
        std::vector<Span> spans = openSpans(track, &settled);
        for (const Span& span : spans) {
            if (isOfProgramsQueue(track) && span.range.endNs > until) {
                putters[{track.subject, span.range.beginNs}] = span.task;
            } else if (isOfMoreMessages(track, span) && span.range.endNs > until) {
                moreSince[track.subject] = span.range.beginNs;
            }
        }
        std::erase_if(spans, [until](const Span& span) { return span.range.endNs > until; });
        for (const Span& span : spans) {
            if (track.kind == TrackKind::Worker && isMigration(span, settled.lastCore)) {
                if (m_workers.size() < track.subject) {
                    m_workers.resize(track.subject);
                }
                ++m_workers[track.subject - 1].migrations;
            }
            settled.spans.append(span);
        }
        settled.isShown = settled.isShown && spans.empty();
    }
    m_putters = std::move(putters);
    m_moreSince = std::move(moreSince);
}

void LiveRecording::settleWorkers(const Recording& window, Nanoseconds until) {
    m_workers.resize(window.workers.size());
    for (std::size_t i = 0; i < m_workers.size(); ++i) {
        const recording::WorkerInfo& worker = window.workers[i];
        m_workers[i].name = worker.name;
        m_workers[i].pid = worker.pid;
        m_workers[i].tid = worker.tid;
        m_workers[i].isControl = worker.isControl;
    }
    for (const recording::Switch& leave : window.switches) {
        if (leave.timeNs > m_settledNs && leave.timeNs <= until) {
            m_switches.push_back(leave);
            count(m_workers[leave.worker.value - 1], leave);
        }
    }
}

void LiveRecording::settleCounters(const Recording& window, Nanoseconds until) {
    for (const Counter& counter : window.counters) {
        auto settled = counterNamed(m_counters, counter);
        if (settled == m_counters.end()) {
            m_counters.push_back({counter.name, counter.unit, counter.subject, {}, {}});
            settled = std::prev(m_counters.end());
        }
        auto points = static_cast<std::size_t>(std::ranges::lower_bound(counter.time, until) -
                                               counter.time.begin());
        if (counter.name == "other load" && points == counter.time.size() && points > 0) {
            --points; // the last one only says that no more samples are known
        }
        addPoints(*settled, counter, points);
    }
}

bool LiveRecording::isOfProgramsQueue(const Track& track) const {
    return track.kind == TrackKind::Queue &&
           m_manifest.objects[track.subject - 1].kind != recording::kMessageQueueKind;
}

TaskId LiveRecording::putterOf(std::uint32_t queue, Nanoseconds ns, TaskId assembled) const {
    const auto known = m_putters.find({queue, ns});
    return known == m_putters.end() ? assembled : known->second;
}

std::vector<Link> LiveRecording::openLinks(const Recording& window) const {
    std::vector<Link> links;
    for (Link link : window.links) {
        if (latestOf(link) > m_settledNs) {
            if (link.kind == recording::LinkKind::Deliver &&
                window.object(link.object).kind != recording::kMessageQueueKind) {
                link.from.task = putterOf(link.object.value, link.from.timeNs, link.from.task);
            }
            links.push_back(link);
        }
    }
    return links;
}

std::vector<Span> LiveRecording::openSpans(const Track& track, const SettledTrack* settled) const {
    std::vector<Span> spans;
    Nanoseconds from = std::numeric_limits<Nanoseconds>::min();
    if (settled != nullptr && isFlatKind(track.kind)) {
        from = settled->spans.endNs();
    }
    const Nanoseconds after =
        m_settledNs == std::numeric_limits<Nanoseconds>::min() ? m_settledNs : m_settledNs - 1;
    track.spans.forEachIn({after, std::numeric_limits<Nanoseconds>::max()}, [&](std::size_t i) {
        Span span = track.spans.at(i);
        if (span.range.endNs <= m_settledNs) {
            return;
        }
        span.range.beginNs = std::max(span.range.beginNs, from);
        if (isOfProgramsQueue(track)) {
            span.task = putterOf(track.subject, span.range.beginNs, span.task);
        } else if (isOfMoreMessages(track, span) && span.range.beginNs <= m_settledNs) {
            const auto since = m_moreSince.find(track.subject);
            span.range.beginNs = since != m_moreSince.end()
                                     ? std::min(span.range.beginNs, since->second)
                                     : span.range.beginNs;
        }
        if (!span.range.isEmpty()) {
            spans.push_back(span);
        }
    });
    if (!track.spans.isFlat()) {
        std::ranges::stable_sort(spans, {}, [](const Span& span) { return span.range.beginNs; });
    }
    return spans;
}

std::shared_ptr<const Recording> LiveRecording::withSettled(const Recording& window) {
    auto whole = std::make_shared<Recording>();
    whole->info = window.info;
    whole->range = window.range;
    whole->tasks = window.tasks;
    whole->workers = window.workers;
    whole->objects = window.objects;
    whole->processes = window.processes;
    whole->diagnostics = window.diagnostics;
    whole->strings = window.strings;
    whole->isLive = window.isLive;
    addTracks(window, *whole);
    addWorkers(window, *whole);
    addTasks(window, *whole);
    addCounters(window, *whole);
    whole->links = m_links;
    addLinksSorted(whole->links, openLinks(window));
    whole->bindings = window.bindings;
    whole->consumers = window.consumers;
    whole->messages = m_messages;
    std::ranges::copy_if(
        window.messages, std::back_inserter(whole->messages),
        [&](const recording::MessageEvent& event) { return event.timeNs > m_settledNs; });
    whole->marks = m_marks;
    std::ranges::copy_if(window.marks, std::back_inserter(whole->marks),
                         [&](const Mark& mark) { return mark.timeNs > m_settledNs; });
    whole->switches = m_switches;
    std::ranges::copy_if(
        window.switches, std::back_inserter(whole->switches),
        [&](const recording::Switch& leave) { return leave.timeNs > m_settledNs; });
    for (recording::ProcessInfo& process : whole->processes) {
        if (const auto peak = m_peakRss.find(process.pid); peak != m_peakRss.end()) {
            process.peakRssBytes = std::max(process.peakRssBytes, peak->second);
        }
    }
    return whole;
}

void LiveRecording::addTracks(const Recording& window, Recording& whole) {
    const recording::IdLimits limits{window.tasks.size(), window.workers.size(),
                                     window.strings.size() - 1};
    whole.tracks.reserve(window.tracks.size());
    auto next = window.tracks.begin(); // sorted by kind and subject
    const auto isNext = [&](std::size_t kind, std::size_t subject) {
        return next != window.tracks.end() && static_cast<std::size_t>(next->kind) == kind &&
               next->subject == subject;
    };
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        std::vector<SettledTrack>& ofKind = m_tracks[kind];
        for (std::size_t subject = 0; subject < ofKind.size(); ++subject) {
            SettledTrack& settled = ofKind[subject];
            const Track* const open = isNext(kind, subject) ? &*next : nullptr;
            next += open != nullptr ? 1 : 0;
            if (settled.isKnown || open != nullptr) {
                whole.tracks.push_back(
                    {.id = TrackId{static_cast<std::uint32_t>(whole.tracks.size() + 1)},
                     .kind = static_cast<TrackKind>(kind),
                     .subject = static_cast<std::uint32_t>(subject),
                     .name = open != nullptr ? open->name : settled.name,
                     .spans = settled.isKnown ? shownSpans(settled, open) : open->spans});
                whole.tracks.back().spans.setLimits(limits);
            }
        }
        for (; next != window.tracks.end() && static_cast<std::size_t>(next->kind) == kind;
             ++next) {
            whole.tracks.push_back(*next);
            whole.tracks.back().id = TrackId{static_cast<std::uint32_t>(whole.tracks.size())};
        }
    }
}

recording::SpanColumns LiveRecording::shownSpans(SettledTrack& settled, const Track* window) {
    std::vector<Span> open = window != nullptr ? openSpans(*window, &settled) : std::vector<Span>{};
    const bool isWhole = open.empty();
    if (!isWhole || !settled.isShown) {
        settled.shown = settled.spans.with(std::move(open), {});
    }
    settled.isShown = isWhole;
    return settled.shown;
}

const LiveRecording::SettledTrack* LiveRecording::settledOf(const Track& track) const {
    const std::vector<SettledTrack>& ofKind = m_tracks[static_cast<std::size_t>(track.kind)];
    const bool isKnown = track.subject < ofKind.size() && ofKind[track.subject].isKnown;
    return isKnown ? &ofKind[track.subject] : nullptr;
}

void LiveRecording::addWorkers(const Recording& window, Recording& whole) const {
    for (std::size_t i = 0; i < whole.workers.size(); ++i) {
        recording::WorkerInfo& worker = whole.workers[i];
        const recording::WorkerInfo settled =
            i < m_workers.size() ? m_workers[i] : recording::WorkerInfo{};
        worker.voluntarySwitches = settled.voluntarySwitches;
        worker.involuntarySwitches = settled.involuntarySwitches;
        worker.migrations = settled.migrations;
    }
    for (const recording::Switch& leave : window.switches) {
        if (leave.timeNs > m_settledNs) {
            count(whole.workers[leave.worker.value - 1], leave);
        }
    }
    for (const Track& track : window.tracks) {
        if (track.kind != TrackKind::Worker) {
            continue;
        }
        const SettledTrack* const settled = settledOf(track);
        std::int16_t lastCore = settled != nullptr ? settled->lastCore : std::int16_t{-1};
        for (const Span& span : openSpans(track, settled)) {
            whole.workers[track.subject - 1].migrations += isMigration(span, lastCore) ? 1U : 0U;
        }
    }
}

void LiveRecording::addTasks(const Recording& window, Recording& whole) const {
    Nanoseconds first = window.range.endNs;
    Nanoseconds last = first;
    bool hasAny = false;
    for (std::size_t i = 0; i < whole.tasks.size(); ++i) {
        if (m_isEnded[i]) {
            whole.tasks[i] = m_ended[i];
        }
        const recording::TaskInfo& task = whole.tasks[i];
        if (task.submittedNs < window.range.endNs) {
            first = std::min(first, task.submittedNs);
            last = hasAny ? std::max(last, task.endNs) : task.endNs;
            hasAny = true;
        }
    }
    whole.info.makespanSeconds = toSeconds(last - first);
}

void LiveRecording::addCounters(const Recording& window, Recording& whole) const {
    whole.counters = m_counters;
    for (const Counter& counter : window.counters) {
        auto settled = counterNamed(whole.counters, counter);
        if (settled == whole.counters.end()) {
            whole.counters.push_back(counter);
        } else {
            addPoints(*settled, counter, counter.time.size());
        }
    }
}

} // namespace interleave::collector
