// SPDX-License-Identifier: GPL-3.0-or-later
// LiveRecording: snapshots of a run that goes on, without building anything twice. What can't
// change any more is settled: its spans are kept packed, its events forgotten, but for those that
// say where everything stood (carry_over.h). A snapshot assembles the events since then and
// appends. The recording of a finished run is assembled from all events at once; this one may
// differ from it by what only the whole run tells: the exact rate of the clocks, and the counts of
// oddities.
#pragma once

#include "engine/collector/message_tracks.h"
#include "engine/collector/stream_events.h"
#include "engine/recording/span_appender.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace interleave::collector {

class LiveRecording {
public:
    /// The manifest must outlive it; it may grow, but settled names in it must not change.
    explicit LiveRecording(const Manifest& manifest);

    /// What is known of a stream and its new events, in order of writing. A stream's key says its
    /// place among the streams.
    using StreamKey = std::pair<std::uint32_t, std::uint32_t>;
    void add(StreamKey key, const StreamEvents& events);

    /// Null if a worker turned up whose place is before known ones: everything is to be added to a
    /// new LiveRecording then.
    std::shared_ptr<const recording::Recording> snapshot(const SessionFacts& facts);

    /// Whether the name of a task is in what is settled.
    bool hasSettledName(TaskId task) const;
    bool hasSettled() const { return m_zero.has_value(); }

    /// Events that the next snapshot will have to read.
    std::size_t openEvents() const { return m_openEvents; }

private:
    struct SettledTrack {
        bool isKnown = false; // a window had it
        std::string name;
        recording::SpanAppender spans;
        std::int16_t lastCore = -1;   // of a worker
        recording::SpanColumns shown; // by the last snapshot, if nothing of it was open
        bool isShown = false;
    };
    bool hasSameWorkers(const recording::Recording& window) const;
    /// Up to when everything is known; none if that is not later than what is settled.
    std::optional<Nanoseconds> settleTime(const recording::Recording& window) const;
    void settle(const recording::Recording& window, Nanoseconds until);
    void settleTracks(const recording::Recording& window, Nanoseconds until);
    void settleWorkers(const recording::Recording& window, Nanoseconds until);
    void settleCounters(const recording::Recording& window, Nanoseconds until);

    std::shared_ptr<const recording::Recording> withSettled(const recording::Recording& window);
    void addTracks(const recording::Recording& window, recording::Recording& whole);
    recording::SpanColumns shownSpans(SettledTrack& settled, const recording::Track* window);
    const SettledTrack* settledOf(const recording::Track& track) const;
    void addWorkers(const recording::Recording& window, recording::Recording& whole) const;
    void addTasks(const recording::Recording& window, recording::Recording& whole) const;
    void addCounters(const recording::Recording& window, recording::Recording& whole) const;
    TaskId putterOf(std::uint32_t queue, Nanoseconds ns, TaskId assembled) const;
    bool isOfProgramsQueue(const recording::Track& track) const;
    void settleMessages(const recording::Recording& window, Nanoseconds until);
    std::vector<recording::Link> openLinks(const recording::Recording& window) const;
    std::vector<recording::Span> openSpans(const recording::Track& track,
                                           const SettledTrack* settled) const;

    const Manifest& m_manifest;
    std::map<StreamKey, StreamEvents> m_streams; // events that are open or carried over
    std::size_t m_openEvents = 0;
    bool m_hasAgents = false; // workers are known by their threads, and may change their names

    // What is settled, in the recording's time.
    std::optional<Nanoseconds> m_zero; // set when something is
    Nanoseconds m_settledNs;
    StringTable m_strings;
    static constexpr std::size_t kKinds = 5;
    std::array<std::vector<SettledTrack>, kKinds> m_tracks; // by kind; index: subject
    /// Who put the items that still lie in a queue, by queue and time: the events that told are
    /// gone.
    std::map<std::pair<std::uint32_t, Nanoseconds>, TaskId> m_putters;
    SharingCopies m_sharing;
    /// Since when there have been more messages in a queue than levels, by queue.
    std::map<std::uint32_t, Nanoseconds> m_moreSince;
    std::vector<recording::WorkerInfo> m_workers; // who they are; the counts of what is settled
    std::vector<recording::TaskInfo> m_ended;     // index: TaskId.value - 1
    std::vector<bool> m_isEnded;
    std::vector<recording::Link> m_links;            // sorted by from.timeNs
    std::vector<recording::MessageEvent> m_messages; // sorted by time
    std::vector<recording::Switch> m_switches;
    std::vector<recording::Mark> m_marks;
    std::vector<recording::Counter> m_counters;
    std::map<std::uint32_t, std::uint64_t> m_peakRss; // by pid
    std::uint64_t m_lostSwitches = 0;
};

} // namespace interleave::collector
