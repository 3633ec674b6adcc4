// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/track_arrangement.h"

#include <QStringList>
#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace interleave::ui {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// Puts the members of `wanted` first, in its order; the others keep theirs.
template <class Item, class Key, class KeyOf>
void putInOrder(std::vector<Item>& items, const std::vector<Key>& wanted, KeyOf&& keyOf) {
    if (wanted.empty()) {
        return;
    }
    std::map<Key, std::size_t> rank;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        rank.try_emplace(wanted[i], i);
    }
    const auto rankOf = [&](const Item& item) {
        const auto found = rank.find(keyOf(item));
        return found == rank.end() ? wanted.size() : found->second;
    };
    std::ranges::stable_sort(items, {}, rankOf);
}

/// Takes an item out and puts it where another is; later ones move up or down by one.
template <class Key>
bool moveTo(std::vector<Key>& items, const Key& item, const Key& to) {
    const auto from = std::ranges::find(items, item);
    const auto target = std::ranges::find(items, to);
    if (from == items.end() || target == items.end() || from == target) {
        return false;
    }
    from < target ? std::rotate(from, from + 1, target + 1) : std::rotate(target, from, from + 1);
    return true;
}

class Groups {
public:
    explicit Groups(const Recording& recording)
        : m_recording(recording) {}

    void addTasks();
    void addWorkers();
    void addAll(TrackKind kind, const QString& id, const QString& title);
    std::vector<TrackGroup> take() { return std::move(m_groups); }

private:
    TrackGroup& groupOf(const QString& id, const QString& title);
    QString processTitle(std::uint32_t pid) const;

    const Recording& m_recording;
    std::vector<TrackGroup> m_groups;
};

TrackGroup& Groups::groupOf(const QString& id, const QString& title) {
    const auto found = std::ranges::find(m_groups, id, &TrackGroup::id);
    if (found != m_groups.end()) {
        return *found;
    }
    return m_groups.emplace_back(TrackGroup{id, title, {}, 0, false});
}

void Groups::addAll(TrackKind kind, const QString& id, const QString& title) {
    for (const TrackId track : m_recording.tracksOf(kind)) {
        const bool isBare = kind == TrackKind::Lock || kind == TrackKind::Queue;
        if (!isBare || m_recording.track(track).spans.size() != 0) {
            groupOf(id, title).tracks.push_back(track);
        }
    }
}

// One heading for each kind of task, unless that says nothing: all of one kind, or no two alike.
void Groups::addTasks() {
    const std::vector<TrackId> tracks = m_recording.tracksOf(TrackKind::Task);
    std::unordered_map<std::string_view, std::size_t> placeOf;
    std::vector<std::pair<std::string_view, std::vector<TrackId>>> kinds;
    for (const TrackId id : tracks) {
        const std::string_view name = m_recording.task(TaskId{m_recording.track(id).subject}).group;
        const auto [place, isNew] = placeOf.try_emplace(name, kinds.size());
        if (isNew) {
            kinds.push_back({name, {}});
        }
        kinds[place->second].second.push_back(id);
    }
    if (kinds.size() == 1 || kinds.size() == m_recording.tasks.size()) {
        addAll(TrackKind::Task, QStringLiteral("task"), QStringLiteral("Tasks"));
        return;
    }
    for (auto& [name, members] : kinds) {
        TrackGroup group;
        group.id = QStringLiteral("task:") + text(name);
        group.title =
            name.empty() ? QStringLiteral("Tasks") : QStringLiteral("Tasks: %1").arg(text(name));
        group.tracks = std::move(members);
        m_groups.push_back(std::move(group));
    }
}

QString Groups::processTitle(std::uint32_t pid) const {
    const auto process =
        std::ranges::find(m_recording.processes, pid, &recording::ProcessInfo::pid);
    return process != m_recording.processes.end() && !process->name.empty()
               ? QStringLiteral("%1 · pid %2").arg(text(process->name)).arg(pid)
               : QStringLiteral("Process %1").arg(pid);
}

// Threads stand under their process. Of a foreign trace they are sorted by their number, the main
// thread first; our own workers were numbered in the order that means something.
void Groups::addWorkers() {
    std::vector<TrackId> tracks = m_recording.tracksOf(TrackKind::Worker);
    const auto infoOf = [this](TrackId id) -> const recording::WorkerInfo& {
        return m_recording.worker(WorkerId{m_recording.track(id).subject});
    };
    const bool isForeign = m_recording.info.source == recording::Source::Imported;
    std::ranges::stable_sort(tracks, [&](TrackId a, TrackId b) {
        const recording::WorkerInfo& left = infoOf(a);
        const recording::WorkerInfo& right = infoOf(b);
        if (left.pid != right.pid || !isForeign) {
            return left.pid < right.pid;
        }
        const bool isLeftMain = left.tid == left.pid;
        const bool isRightMain = right.tid == right.pid;
        return isLeftMain != isRightMain ? isLeftMain : left.tid < right.tid;
    });
    const bool isOneProcess =
        tracks.empty() || infoOf(tracks.front()).pid == infoOf(tracks.back()).pid;
    if (isOneProcess && !isForeign) {
        addAll(TrackKind::Worker, QStringLiteral("worker"), QStringLiteral("Workers"));
        return;
    }
    for (const TrackId id : tracks) {
        const std::uint32_t pid = infoOf(id).pid;
        const QString group = QStringLiteral("worker:%1").arg(pid);
        if (m_groups.empty() || m_groups.back().id != group) {
            m_groups.push_back({group, processTitle(pid), {}, 0, false});
        }
        m_groups.back().tracks.push_back(id);
    }
}

bool matches(const QString& text, const QStringList& words) {
    return std::ranges::all_of(
        words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

TrackKey keyOf(const Track& track) {
    return {track.kind, track.subject};
}

bool TrackArrangement::isPinned(TrackKey track) const {
    return std::ranges::find(pinned, track) != pinned.end();
}

LaneView TrackArrangement::laneViewOf(TrackKey track) const {
    const auto found = lanes.find(track);
    return found == lanes.end() ? LaneView::Some : found->second;
}

void TrackArrangement::setPinned(TrackKey track, bool isPinned) {
    std::erase(pinned, track);
    if (isPinned) {
        pinned.push_back(track);
    }
}

void TrackArrangement::setHidden(TrackKey track, bool isHidden) {
    if (isHidden) {
        hidden.insert(track);
    } else {
        hidden.erase(track);
    }
}

void TrackArrangement::setFolded(const QString& group, bool isFolded) {
    if (isFolded) {
        folded.insert(group);
    } else {
        folded.erase(group);
    }
}

void TrackArrangement::setLaneView(TrackKey track, LaneView view) {
    if (view == LaneView::Some) {
        lanes.erase(track);
    } else {
        lanes[track] = view;
    }
}

TrackKind mainKindOf(const Recording& recording, Grouping grouping) {
    switch (grouping) {
    case Grouping::Worker:
        return TrackKind::Worker;
    case Grouping::Core:
        return TrackKind::Core;
    case Grouping::Task:
        break;
    }
    const bool isForeign = recording.info.source == recording::Source::Imported;
    return isForeign && recording.tasks.empty() ? TrackKind::Worker : TrackKind::Task;
}

std::vector<TrackGroup> trackGroups(const Recording& recording, Grouping grouping) {
    Groups groups(recording);
    const bool isForeign = recording.info.source == recording::Source::Imported;
    switch (grouping) {
    case Grouping::Task:
        groups.addTasks();
        if (isForeign && recording.tasks.empty()) { // it knows only threads
            groups.addWorkers();
        }
        break;
    case Grouping::Worker:
        groups.addWorkers();
        if (isForeign) { // asynchronous operations belong to no thread
            groups.addTasks();
        }
        break;
    case Grouping::Core:
        groups.addAll(TrackKind::Core, QStringLiteral("core"), QStringLiteral("Cores"));
        break;
    }
    groups.addAll(TrackKind::Lock, QStringLiteral("lock"), QStringLiteral("Locks"));
    groups.addAll(TrackKind::Queue, QStringLiteral("queue"), QStringLiteral("Queues"));
    std::vector<TrackGroup> result = groups.take();
    for (TrackGroup& group : result) {
        group.total = group.tracks.size();
    }
    return result;
}

ArrangedTracks arrangedTracks(const Recording& recording, Grouping grouping,
                              const TrackArrangement& arrangement) {
    ArrangedTracks result;
    const QStringList words = arrangement.filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const auto trackKey = [&](TrackId id) { return keyOf(recording.track(id)); };
    const std::set<TrackKey> pins(arrangement.pinned.begin(), arrangement.pinned.end());
    TrackGroup pinned{kPinnedGroup, QStringLiteral("Pinned"), {}, 0, false};
    for (TrackGroup& group : trackGroups(recording, grouping)) {
        if (const auto order = arrangement.orders.find(group.id);
            order != arrangement.orders.end()) {
            putInOrder(group.tracks, order->second, trackKey);
        }
        result.total += group.tracks.size();
        const bool isGroupMeant = words.isEmpty() || matches(group.title, words);
        std::erase_if(group.tracks, [&](TrackId id) {
            const TrackKey key = trackKey(id);
            if (arrangement.isHidden(key)) {
                ++result.hidden;
                return true;
            }
            if (!isGroupMeant &&
                !matches(group.title + QLatin1Char(' ') + text(recording.track(id).name), words)) {
                ++result.filtered;
                return true;
            }
            ++result.shown;
            if (pins.contains(key)) {
                pinned.tracks.push_back(id);
                return true;
            }
            return false;
        });
        group.isFolded = arrangement.isFolded(group.id);
        if (!group.tracks.empty()) {
            result.groups.push_back(std::move(group));
        }
    }
    putInOrder(result.groups, arrangement.groupOrder,
               [](const TrackGroup& group) { return group.id; });
    if (!pinned.tracks.empty()) {
        putInOrder(pinned.tracks, arrangement.pinned, trackKey);
        pinned.total = pinned.tracks.size();
        pinned.isFolded = arrangement.isFolded(pinned.id);
        result.groups.insert(result.groups.begin(), std::move(pinned));
    }
    return result;
}

TrackArrangement showingTrack(TrackArrangement arrangement, const Recording& recording,
                              Grouping grouping, TrackId track) {
    const TrackKey key = keyOf(recording.track(track));
    arrangement.setHidden(key, false);
    const auto has = [track](const TrackGroup& group) {
        return std::ranges::find(group.tracks, track) != group.tracks.end();
    };
    ArrangedTracks tracks = arrangedTracks(recording, grouping, arrangement);
    if (std::ranges::none_of(tracks.groups, has)) {
        arrangement.filter.clear();
        tracks = arrangedTracks(recording, grouping, arrangement);
    }
    const auto group = std::ranges::find_if(tracks.groups, has);
    if (group != tracks.groups.end()) { // else it is no track of this grouping
        arrangement.setFolded(group->id, false);
    }
    return arrangement;
}

namespace {

/// All groups in the order that the reader made, with what is hidden, filtered out and pinned.
std::vector<TrackGroup> wholeGroups(const TrackArrangement& arrangement, const Recording& recording,
                                    Grouping grouping) {
    TrackArrangement whole;
    whole.orders = arrangement.orders;
    whole.groupOrder = arrangement.groupOrder;
    return arrangedTracks(recording, grouping, whole).groups;
}

} // namespace

void moveTrack(TrackArrangement& arrangement, const Recording& recording, Grouping grouping,
               const QString& groupId, TrackKey track, TrackKey to) {
    if (groupId == kPinnedGroup) {
        moveTo(arrangement.pinned, track, to);
        return;
    }
    const auto groups = wholeGroups(arrangement, recording, grouping);
    const auto group = std::ranges::find(groups, groupId, &TrackGroup::id);
    if (group == groups.end()) {
        return;
    }
    std::vector<TrackKey> order;
    order.reserve(group->tracks.size());
    for (const TrackId id : group->tracks) {
        order.push_back(keyOf(recording.track(id)));
    }
    if (moveTo(order, track, to)) {
        arrangement.orders[groupId] = std::move(order);
    }
}

void moveGroup(TrackArrangement& arrangement, const Recording& recording, Grouping grouping,
               const QString& group, const QString& to) {
    std::vector<QString> order;
    for (const TrackGroup& each : wholeGroups(arrangement, recording, grouping)) {
        order.push_back(each.id);
    }
    if (moveTo(order, group, to)) {
        arrangement.groupOrder = std::move(order);
    }
}

} // namespace interleave::ui
