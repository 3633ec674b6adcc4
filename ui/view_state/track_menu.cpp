// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/track_menu.h"

#include "ui/theme/text.h"

#include <QMenu>
#include <algorithm>

namespace interleave::ui {

namespace {

/// Ampersands of names are no mnemonics; long names don't make wide menus.
QString shown(QString name) {
    constexpr qsizetype kMost = 32;
    if (name.size() > kMost) {
        name = name.left(kMost / 2) + QStringLiteral("…") + name.right(kMost / 2);
    }
    return name.replace('&', QLatin1String("&&"));
}

template <class Change>
void addChange(QMenu& menu, const QString& text, ViewState& state, Change change) {
    menu.addAction(text, &state, [&state, change] {
        TrackArrangement tracks = state.tracks();
        change(tracks);
        state.setTracks(std::move(tracks));
    });
}

void addLaneActions(QMenu& menu, ViewState& state, const recording::Track& track) {
    const auto lanes = static_cast<int>(track.spans.lanes().size());
    if (lanes < 2) {
        return;
    }
    const TrackKey key = keyOf(track);
    const LaneView now = state.tracks().laneViewOf(key);
    const auto add = [&](const QString& text, LaneView view) {
        if (view != now && (view != LaneView::Some || lanes > kSomeLanes)) {
            addChange(menu, text, state,
                      [key, view](TrackArrangement& tracks) { tracks.setLaneView(key, view); });
        }
    };
    menu.addSeparator();
    if (now == LaneView::One || lanes > kSomeLanes) {
        add(tr("Show &all %1 levels").arg(lanes),
            lanes > kSomeLanes ? LaneView::All : LaneView::Some);
    }
    add(tr("Show the first %1 &levels").arg(kSomeLanes), LaneView::Some);
    add(tr("Show &one level"), LaneView::One);
}

void addTrackActions(QMenu& menu, ViewState& state, TrackId id) {
    const recording::Track& track = state.recording()->track(id);
    const TrackKey key = keyOf(track);
    const QString name = shown(QString::fromStdString(track.name));
    const bool isPinned = state.tracks().isPinned(key);
    addChange(menu, (isPinned ? tr("Un&pin “%1”") : tr("&Pin “%1” on top")).arg(name), state,
              [key, isPinned](TrackArrangement& tracks) { tracks.setPinned(key, !isPinned); });
    addChange(menu, tr("&Hide “%1”").arg(name), state,
              [key](TrackArrangement& tracks) { tracks.setHidden(key, true); });
    QAction* up =
        menu.addAction(tr("Move &up"), &state, [&state, id] { moveTrackBy(state, id, -1); });
    QAction* down =
        menu.addAction(tr("Move &down"), &state, [&state, id] { moveTrackBy(state, id, 1); });
    up->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_Up); // shown here; whoever has the keys acts
    down->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_Down);
    up->setShortcutContext(Qt::WidgetShortcut);
    down->setShortcutContext(Qt::WidgetShortcut);
    addLaneActions(menu, state, track);
}

void addGroupActions(QMenu& menu, ViewState& state, const QString& id) {
    const ArrangedTracks tracks =
        arrangedTracks(*state.recording(), state.grouping(), state.tracks());
    const auto group = std::ranges::find(tracks.groups, id, &TrackGroup::id);
    if (group == tracks.groups.end()) {
        return;
    }
    menu.addSeparator();
    const QString title = shown(group->title);
    const bool isFolded = group->isFolded;
    addChange(menu, (isFolded ? tr("&Expand “%1”") : tr("&Collapse “%1”")).arg(title), state,
              [id, isFolded](TrackArrangement& now) { now.setFolded(id, !isFolded); });
    if (id == kPinnedGroup) {
        addChange(menu, tr("U&npin all"), state, [](TrackArrangement& now) { now.pinned.clear(); });
        return;
    }
    std::vector<TrackKey> keys;
    for (const TrackId track : group->tracks) {
        keys.push_back(keyOf(state.recording()->track(track)));
    }
    addChange(menu, tr("Hide all of “%1”").arg(title), state,
              [keys](TrackArrangement& now) { now.hidden.insert(keys.begin(), keys.end()); });
}

} // namespace

QString groupShowing(const ViewState& state, TrackId track) {
    if (!state.recording() || track.isNone()) {
        return {};
    }
    const auto groups = arrangedTracks(*state.recording(), state.grouping(), state.tracks()).groups;
    for (const TrackGroup& group : groups) {
        if (std::ranges::find(group.tracks, track) != group.tracks.end()) {
            return group.id;
        }
    }
    return {};
}

bool moveTrackBy(ViewState& state, TrackId track, int by) {
    const QString id = groupShowing(state, track);
    if (id.isEmpty()) {
        return false;
    }
    const auto groups = arrangedTracks(*state.recording(), state.grouping(), state.tracks()).groups;
    const std::vector<TrackId>& members = std::ranges::find(groups, id, &TrackGroup::id)->tracks;
    const auto place = std::ranges::find(members, track) - members.begin();
    const auto to = std::clamp<std::ptrdiff_t>(place + by, 0, std::ssize(members) - 1);
    if (to == place) {
        return false;
    }
    const recording::Recording& recording = *state.recording();
    TrackArrangement tracks = state.tracks();
    moveTrack(tracks, recording, state.grouping(), id, keyOf(recording.track(track)),
              keyOf(recording.track(members[static_cast<std::size_t>(to)])));
    state.setTracks(std::move(tracks));
    return true;
}

void showHiddenTracks(ViewState& state) {
    TrackArrangement tracks = state.tracks();
    tracks.hidden.clear();
    state.setTracks(std::move(tracks));
}

void setAllFolded(ViewState& state, bool isFolded) {
    if (!state.recording()) {
        return;
    }
    TrackArrangement tracks = state.tracks();
    for (const TrackGroup& group :
         arrangedTracks(*state.recording(), state.grouping(), tracks).groups) {
        tracks.setFolded(group.id, isFolded);
    }
    state.setTracks(std::move(tracks));
}

void fillTrackMenu(QMenu& menu, ViewState& state, const TrackMenuSubject& subject) {
    if (!state.recording()) {
        return;
    }
    if (!subject.track.isNone()) {
        addTrackActions(menu, state, subject.track);
    }
    if (!subject.group.isEmpty()) {
        addGroupActions(menu, state, subject.group);
    }
    menu.addSeparator();
    menu.addAction(tr("Collapse all &groups"), &state, [&state] { setAllFolded(state, true); });
    menu.addAction(tr("E&xpand all groups"), &state, [&state] { setAllFolded(state, false); });
    menu.addSeparator();
    const ArrangedTracks tracks =
        arrangedTracks(*state.recording(), state.grouping(), state.tracks());
    if (tracks.hidden > 0) {
        menu.addAction(tr("&Show %1 hidden again").arg(tracks.hidden), &state,
                       [&state] { showHiddenTracks(state); });
    }
    if (!state.tracks().filter.isEmpty()) {
        addChange(menu, tr("Clear the &filter “%1”").arg(shown(state.tracks().filter)), state,
                  [](TrackArrangement& now) { now.filter.clear(); });
    }
    QAction* undo =
        menu.addAction(tr("&Undo the last change of rows"), &state, &ViewState::undoTracks);
    undo->setEnabled(state.canUndoTracks());
}

} // namespace interleave::ui
