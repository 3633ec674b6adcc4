// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done to a row or to all rows, as a menu: the same from the row's header, from the
// list of tracks and from the keyboard. Also the single steps, for keys and drags.
#pragma once

#include "ui/view_state/view_state.h"

class QMenu;

namespace interleave::ui {

/// What a menu is about: a track in a group, a group, or neither.
struct TrackMenuSubject {
    TrackId track{};
    QString group;
};

void fillTrackMenu(QMenu& menu, ViewState& state, const TrackMenuSubject& subject);

/// The group that shows the track as a row, also while it is folded; the pinned one before others.
QString groupShowing(const ViewState& state, TrackId track);
/// By so many rows within its group; whether it moved.
bool moveTrackBy(ViewState& state, TrackId track, int by);
void showHiddenTracks(ViewState& state);
void setAllFolded(ViewState& state, bool isFolded);

} // namespace interleave::ui
