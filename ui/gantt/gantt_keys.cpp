// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_keys.h"

namespace interleave::ui {

namespace {

struct PlacedKey {
    std::uint32_t scanCode;
    int key;
    GanttAction action;
};

constexpr PlacedKey kPlacedKeys[] = {
    {25, Qt::Key_W, GanttAction::ZoomIn},
    {39, Qt::Key_S, GanttAction::ZoomOut},
    {38, Qt::Key_A, GanttAction::PanLeft},
    {40, Qt::Key_D, GanttAction::PanRight},
};

struct NamedKey {
    int key;
    Qt::KeyboardModifiers modifiers;
    GanttAction action;
};

// Shift is looked at only where a row says so: many layouts need it to type the character.
const NamedKey kNamedKeys[] = {
    {Qt::Key_Right, Qt::AltModifier, GanttAction::FollowLink},
    {Qt::Key_Left, Qt::AltModifier, GanttAction::FollowLinkBack},
    {Qt::Key_Right, Qt::ControlModifier, GanttAction::NextSpan},
    {Qt::Key_Left, Qt::ControlModifier, GanttAction::PreviousSpan},
    {Qt::Key_Right, Qt::ShiftModifier, GanttAction::ExtendRangeRight},
    {Qt::Key_Left, Qt::ShiftModifier, GanttAction::ExtendRangeLeft},
    {Qt::Key_Backspace, Qt::ShiftModifier, GanttAction::GoForward},
    {Qt::Key_Right, Qt::NoModifier, GanttAction::PanRight},
    {Qt::Key_Left, Qt::NoModifier, GanttAction::PanLeft},
    {Qt::Key_Up, Qt::NoModifier, GanttAction::ScrollUp},
    {Qt::Key_Down, Qt::NoModifier, GanttAction::ScrollDown},
    {Qt::Key_PageUp, Qt::NoModifier, GanttAction::PageUp},
    {Qt::Key_PageDown, Qt::NoModifier, GanttAction::PageDown},
    {Qt::Key_Plus, Qt::NoModifier, GanttAction::ZoomIn},
    {Qt::Key_Equal, Qt::NoModifier, GanttAction::ZoomIn},
    {Qt::Key_Minus, Qt::NoModifier, GanttAction::ZoomOut},
    {Qt::Key_Home, Qt::NoModifier, GanttAction::Fit},
    {Qt::Key_0, Qt::NoModifier, GanttAction::Fit},
    {Qt::Key_F, Qt::NoModifier, GanttAction::Frame},
    {Qt::Key_M, Qt::NoModifier, GanttAction::Mark},
    {Qt::Key_Period, Qt::NoModifier, GanttAction::NextSpan},
    {Qt::Key_Comma, Qt::NoModifier, GanttAction::PreviousSpan},
    {Qt::Key_BracketRight, Qt::NoModifier, GanttAction::FollowLink},
    {Qt::Key_BracketLeft, Qt::NoModifier, GanttAction::FollowLinkBack},
    {Qt::Key_Backspace, Qt::NoModifier, GanttAction::GoBack},
    {Qt::Key_Escape, Qt::NoModifier, GanttAction::Clear},
};

constexpr bool needsExactModifiers(int key) {
    return key == Qt::Key_Right || key == Qt::Key_Left || key == Qt::Key_Backspace;
}

} // namespace

std::optional<GanttAction> actionFor(const KeyStroke& stroke) {
    const Qt::KeyboardModifiers modifiers = stroke.modifiers & ~Qt::KeypadModifier;
    const Qt::KeyboardModifiers commands =
        modifiers & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
    if (!commands) {
        for (const PlacedKey& placed : kPlacedKeys) {
            const bool isMeant = stroke.scanCode != 0 ? stroke.scanCode == placed.scanCode
                                                      : stroke.key == placed.key;
            if (isMeant) {
                return placed.action;
            }
        }
    }
    for (const NamedKey& named : kNamedKeys) {
        const Qt::KeyboardModifiers held = needsExactModifiers(named.key) ? modifiers : commands;
        // On keyboards with a right-hand Alt group, brackets arrive with Ctrl+Alt or with nothing.
        const bool isBracket =
            named.key == Qt::Key_BracketRight || named.key == Qt::Key_BracketLeft;
        if (stroke.key == named.key && (held == named.modifiers || isBracket)) {
            return named.action;
        }
    }
    return std::nullopt;
}

} // namespace interleave::ui
