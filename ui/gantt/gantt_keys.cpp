// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_keys.h"

#include <QCoreApplication> // QT_TRANSLATE_NOOP

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
    {Qt::Key_M, Qt::ShiftModifier, GanttAction::KeepMark},
    {Qt::Key_M, Qt::NoModifier, GanttAction::Mark},
    {Qt::Key_Delete, Qt::NoModifier, GanttAction::RemoveMark},
    {Qt::Key_Period, Qt::NoModifier, GanttAction::NextSpan},
    {Qt::Key_Comma, Qt::NoModifier, GanttAction::PreviousSpan},
    {Qt::Key_BracketRight, Qt::NoModifier, GanttAction::FollowLink},
    {Qt::Key_BracketLeft, Qt::NoModifier, GanttAction::FollowLinkBack},
    {Qt::Key_Backspace, Qt::NoModifier, GanttAction::GoBack},
    {Qt::Key_Escape, Qt::NoModifier, GanttAction::Clear},
};

const GanttCommand kCommands[] = {
    {GanttAction::ZoomIn, QT_TRANSLATE_NOOP("Gantt", "Zoom in at the pointer"), Qt::Key_W, 25},
    {GanttAction::ZoomOut, QT_TRANSLATE_NOOP("Gantt", "Zoom out at the pointer"), Qt::Key_S, 39},
    {GanttAction::PanLeft, QT_TRANSLATE_NOOP("Gantt", "Go left in time"), Qt::Key_A, 38},
    {GanttAction::PanRight, QT_TRANSLATE_NOOP("Gantt", "Go right in time"), Qt::Key_D, 40},
    {GanttAction::Frame, QT_TRANSLATE_NOOP("Gantt", "Zoom to the selection; again: fit"),
     Qt::Key_F},
    {GanttAction::NextSpan, QT_TRANSLATE_NOOP("Gantt", "Next span of the row"), Qt::Key_Period},
    {GanttAction::PreviousSpan, QT_TRANSLATE_NOOP("Gantt", "Previous span of the row"),
     Qt::Key_Comma},
    {GanttAction::FollowLink, QT_TRANSLATE_NOOP("Gantt", "Follow the arrow to what it led to"),
     Qt::Key_BracketRight},
    {GanttAction::FollowLinkBack, QT_TRANSLATE_NOOP("Gantt", "Follow the arrow back to its cause"),
     Qt::Key_BracketLeft},
    {GanttAction::ExtendRangeRight, QT_TRANSLATE_NOOP("Gantt", "Move the range's edge right"),
     Qt::Key_Right, 0, Qt::ShiftModifier},
    {GanttAction::ExtendRangeLeft, QT_TRANSLATE_NOOP("Gantt", "Move the range's edge left"),
     Qt::Key_Left, 0, Qt::ShiftModifier},
    {GanttAction::Mark, QT_TRANSLATE_NOOP("Gantt", "Mark this moment; a second time: measure"),
     Qt::Key_M},
    {GanttAction::KeepMark, QT_TRANSLATE_NOOP("Gantt", "Keep the mark"), Qt::Key_M, 0,
     Qt::ShiftModifier},
    {GanttAction::RemoveMark, QT_TRANSLATE_NOOP("Gantt", "Remove the nearest kept mark"),
     Qt::Key_Delete},
};

constexpr bool needsExactModifiers(int key) {
    return key == Qt::Key_Right || key == Qt::Key_Left || key == Qt::Key_Backspace ||
           key == Qt::Key_M;
}

} // namespace

std::span<const GanttCommand> ganttCommands() {
    return kCommands;
}

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
