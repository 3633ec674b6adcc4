// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_keys.h"

#include <utility>

namespace interleave::ui {

namespace {

struct ReplayKey {
    int key;
    bool hasShift;
    ReplayAction action;
};

// J, K and L as in programs that cut films; . and , as in the timeline, which keeps them for itself
// where a row is walked along.
constexpr ReplayKey kKeys[] = {
    {Qt::Key_Space, false, ReplayAction::Toggle},
    {Qt::Key_K, false, ReplayAction::Toggle},
    {Qt::Key_MediaTogglePlayPause, false, ReplayAction::Toggle},
    {Qt::Key_MediaPlay, false, ReplayAction::Toggle},
    {Qt::Key_Period, false, ReplayAction::StepForward},
    {Qt::Key_L, false, ReplayAction::StepForward},
    {Qt::Key_Comma, false, ReplayAction::StepBack},
    {Qt::Key_J, false, ReplayAction::StepBack},
    {Qt::Key_Greater, true, ReplayAction::Faster},
    {Qt::Key_L, true, ReplayAction::Faster},
    {Qt::Key_Less, true, ReplayAction::Slower},
    {Qt::Key_Less, false, ReplayAction::Slower}, // where it has a key of its own
    {Qt::Key_J, true, ReplayAction::Slower},
    {Qt::Key_Home, false, ReplayAction::ToBegin},
    {Qt::Key_End, false, ReplayAction::ToEnd},
    {Qt::Key_R, false, ReplayAction::Loop},
    {Qt::Key_B, false, ReplayAction::Bookmark},
    {Qt::Key_N, false, ReplayAction::NextBookmark},
    {Qt::Key_N, true, ReplayAction::PreviousBookmark},
};

} // namespace

std::optional<ReplayAction> replayActionFor(int key, Qt::KeyboardModifiers modifiers) {
    if (modifiers & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) {
        return std::nullopt;
    }
    const bool hasShift = modifiers.testFlag(Qt::ShiftModifier);
    for (const ReplayKey& each : kKeys) {
        if (each.key == key && each.hasShift == hasShift) {
            return each.action;
        }
    }
    return std::nullopt;
}

void perform(ReplayPlayer& player, ReplayAction action) {
    switch (action) {
    case ReplayAction::Toggle:
        return player.toggle();
    case ReplayAction::StepForward:
        return player.stepForward();
    case ReplayAction::StepBack:
        return player.stepBack();
    case ReplayAction::Faster:
        return player.faster();
    case ReplayAction::Slower:
        return player.slower();
    case ReplayAction::ToBegin:
        return player.toBegin();
    case ReplayAction::ToEnd:
        return player.toEnd();
    case ReplayAction::Loop:
        return player.setLooping(!player.isLooping());
    case ReplayAction::NextBookmark:
        return player.toNextBookmark();
    case ReplayAction::PreviousBookmark:
        return player.toPreviousBookmark();
    case ReplayAction::Bookmark:
        return;
    }
    std::unreachable();
}

} // namespace interleave::ui
