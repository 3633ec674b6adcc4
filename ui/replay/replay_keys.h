// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the replay, as a pure table: they work in every view that leaves them alone.
#pragma once

#include "ui/replay/replay_player.h"

#include <Qt>

#include <optional>

namespace interleave::ui {

enum class ReplayAction : std::uint8_t {
    Toggle,
    StepForward,
    StepBack,
    Faster,
    Slower,
    ToBegin,
    ToEnd,
    Loop,
    Bookmark,
    NextBookmark,
    PreviousBookmark,
};

std::optional<ReplayAction> replayActionFor(int key, Qt::KeyboardModifiers modifiers);

/// Does it, but for Bookmark, which asks for a note.
void perform(ReplayPlayer& player, ReplayAction action);

} // namespace interleave::ui
