// SPDX-License-Identifier: GPL-3.0-or-later
// Which key does what in the Gantt, as a pure table. W, S, A and D are meant by their place on the
// keyboard, so that French and German layouts work; where the platform tells no scan codes, by
// their letter. Punctuation that some layouts hide has a second binding.
#pragma once

#include <Qt>
#include <cstdint>
#include <optional>
#include <span>

namespace interleave::ui {

enum class GanttAction : std::uint8_t {
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    ScrollUp,
    ScrollDown,
    PageUp,
    PageDown,
    Fit,
    Frame, // zoom to the selection; again: fit
    NextSpan,
    PreviousSpan,
    FollowLink,
    FollowLinkBack,
    ExtendRangeLeft,
    ExtendRangeRight,
    GoBack,
    GoForward,
    Mark,     // a passing mark; a second one measures from the first
    KeepMark, // it stays
    RemoveMark,
    Clear,
};

struct KeyStroke {
    int key = 0;
    std::uint32_t scanCode = 0; // evdev + 8; 0 where unknown
    Qt::KeyboardModifiers modifiers;
};

std::optional<GanttAction> actionFor(const KeyStroke& stroke);

/// What the reader may ask for by name, in the order of a key sheet. `scanCode` is 0 for keys that
/// are meant by what they type.
struct GanttCommand {
    GanttAction action;
    const char* text; // to be translated in the context "Gantt"
    int key;
    std::uint32_t scanCode = 0;
    Qt::KeyboardModifiers modifiers = {};
};
std::span<const GanttCommand> ganttCommands();

} // namespace interleave::ui
