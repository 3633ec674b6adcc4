// SPDX-License-Identifier: GPL-3.0-or-later
// TrackArrangement: what the reader did to the rows: pinned, hidden, moved, folded, filtered. A
// plain value that says nothing about a recording; arrangedTracks() applies it to one. Tracks are
// named by kind and subject, which a live run's later snapshots keep while their ids move.
#pragma once

#include <QString> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "engine/recording/recording.h"

#include <map>
#include <set>
#include <vector>

namespace interleave::ui {

/// What the rows of the Gantt are.
enum class Grouping : std::uint8_t { Task, Worker, Core };

struct TrackKey {
    recording::TrackKind kind = recording::TrackKind::Task;
    std::uint32_t subject = 0;
    friend auto operator<=>(const TrackKey&, const TrackKey&) = default;
};
TrackKey keyOf(const recording::Track& track);

/// How much of a track's nesting its row shows.
enum class LaneView : std::uint8_t {
    Some, // up to kSomeLanes
    All,
    One,
};
inline constexpr int kSomeLanes = 6;

struct TrackArrangement {
    std::vector<TrackKey> pinned; // above all others, in this order
    std::set<TrackKey> hidden;
    std::set<QString> folded;                        // ids of groups that are one row
    std::map<TrackKey, LaneView> lanes;              // those that are not Some
    std::map<QString, std::vector<TrackKey>> orders; // of groups whose tracks were moved
    std::vector<QString> groupOrder;                 // where groups were moved
    QString filter; // words that a track's name or its group's must contain

    friend bool operator==(const TrackArrangement&, const TrackArrangement&) = default;

    bool isPinned(TrackKey track) const;
    bool isHidden(TrackKey track) const { return hidden.contains(track); }
    bool isFolded(const QString& group) const { return folded.contains(group); }
    LaneView laneViewOf(TrackKey track) const;

    void setPinned(TrackKey track, bool isPinned);
    void setHidden(TrackKey track, bool isHidden);
    void setFolded(const QString& group, bool isFolded);
    void setLaneView(TrackKey track, LaneView view);
};

struct TrackGroup {
    QString id;    // "worker:4711": stable while a run grows
    QString title; // "dbserver · pid 4711"
    std::vector<TrackId> tracks;
    std::size_t total = 0; // with those that are hidden or filtered out
    bool isFolded = false;
};

inline const QString kPinnedGroup = QStringLiteral("pinned");

struct ArrangedTracks {
    std::vector<TrackGroup> groups; // in order; those without tracks are left out
    std::size_t total = 0;
    std::size_t shown = 0;    // folded ones count as shown
    std::size_t hidden = 0;   // by the reader
    std::size_t filtered = 0; // neither hidden nor matching the filter
};

/// The kind of track that the rows are about, for totals: a foreign trace may know only threads.
recording::TrackKind mainKindOf(const recording::Recording& recording, Grouping grouping);

/// All tracks of a grouping as they come: locks and queues after what the rows are about. Tracks
/// that can't say anything (a lock nobody took) are left out.
std::vector<TrackGroup> trackGroups(const recording::Recording& recording, Grouping grouping);

/// The same after the reader's hand.
ArrangedTracks arrangedTracks(const recording::Recording& recording, Grouping grouping,
                              const TrackArrangement& arrangement);

/// The arrangement changed as little as makes the track a row: no longer hidden, its group not
/// folded, no filter that it doesn't match.
TrackArrangement showingTrack(TrackArrangement arrangement, const recording::Recording& recording,
                              Grouping grouping, TrackId track);

/// Moves a track of a group to the place of another one of that group; those that are not shown
/// keep their places in between. Of the pinned group the pins move. Nothing if either isn't there.
void moveTrack(TrackArrangement& arrangement, const recording::Recording& recording,
               Grouping grouping, const QString& group, TrackKey track, TrackKey to);
/// Moves a group to the place of another.
void moveGroup(TrackArrangement& arrangement, const recording::Recording& recording,
               Grouping grouping, const QString& group, const QString& to);

} // namespace interleave::ui
