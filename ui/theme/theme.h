// SPDX-License-Identifier: GPL-3.0-or-later
// Theme: every colour, height, hatch and font that a view uses, as one value. A state is told by
// colour AND height AND hatch, so that colour-blind people and black-and-white printers lose
// nothing. Widgets' own colours come from applicationPalette().
#pragma once

#include "engine/analysis/waterfall_part.h"
#include "engine/base/state.h"

#include <QChar>
#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>
#include <array>

namespace interleave::ui {

enum class Hatch : std::uint8_t {
    None,
    Horizontal,
    Diagonal,     // rises to the right
    BackDiagonal, // falls to the right
    Cross,
    Dots,
    Vertical,
    Grid,
};

struct StateLook {
    QColor fill;
    double heightRatio = 1; // of the row's bar; taller = more use of the machine
    Hatch hatch = Hatch::None;
    QChar letter;         // stands for the state where there is no room for its name
    bool hasTick = false; // a bar at its left edge
};

/// A part of a waterfall. Where a state is the cause, it looks like that state.
struct PartLook {
    QColor fill;
    Hatch hatch = Hatch::None;
};

/// Colours of curves that are told apart by colour, shape and name.
inline constexpr std::size_t kCurveColours = 4;

enum class ThemeKind : std::uint8_t { Light, Dark, Print };
/// "light", "dark", "print", as on the command line.
QString nameOf(ThemeKind kind);

struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor background;   // behind the bars
    QColor alternateRow; // every second row, hardly different
    QColor panel;        // row headers, rulers, legends
    QColor text;
    QColor mutedText; // units, captions, counts; still 4.5:1 on background and panel
    QColor grid;
    QColor outline;       // around bars, 3:1 against the background
    QColor accent;        // focus, links, marks
    QColor selection;     // outline of what is selected
    QColor selectionFill; // of a selected time range; translucent
    QColor warning;
    QColor error;
    QString fontFamily;
    std::array<StateLook, kStateCount> states;
    std::array<PartLook, analysis::kParts> parts;
    std::array<QColor, kCurveColours> curves;

    const StateLook& of(State state) const { return states[static_cast<std::size_t>(state)]; }
    const PartLook& of(analysis::Part part) const { return parts[static_cast<std::size_t>(part)]; }
    /// Sized in pixels, unhinted: the same picture on every machine and in every format.
    QFont font(int pixels, bool isBold = false) const;
    bool isDark() const { return kind == ThemeKind::Dark; }
};

Theme themeOf(ThemeKind kind);

/// Light or dark as the desktop's palette is (Qt 6.4 can't be asked).
ThemeKind systemThemeKind(const QPalette& palette);

/// For QApplication with the Fusion style; of print, the light one.
QPalette applicationPalette(const Theme& theme);

} // namespace interleave::ui
