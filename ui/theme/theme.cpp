// SPDX-License-Identifier: GPL-3.0-or-later
// The fills of the nine main states, of a waterfall's parts and of curves were searched for with
// CIEDE2000 under normal and three dichromatic visions; theme_test.cpp holds them to it. The other
// states lean on height and hatch.
#include "ui/theme/theme.h"

#include "ui/theme/contrast.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <iterator>
#include <utility>

namespace interleave::ui {

using analysis::Part;

namespace {

struct StateRow {
    State state;
    const char* light;
    const char* dark;
    double heightRatio;
    Hatch hatch;
    char letter;
};

constexpr StateRow kStates[] = {
    {State::Running, "#274483", "#79A8F0", 1.00, Hatch::None, 'R'},
    {State::Transfer, "#21857C", "#66EEA2", 1.00, Hatch::None, 'T'},
    {State::Starting, "#2A2035", "#D4B4C6", 1.00, Hatch::None, 'O'},
    {State::Ready, "#EFC83D", "#EBFC32", 0.60, Hatch::Horizontal, 'C'},
    {State::WaitingGil, "#DA714A", "#C98501", 0.60, Hatch::Diagonal, 'G'},
    {State::WaitingLock, "#A6393F", "#BC453D", 0.60, Hatch::Cross, 'L'},
    {State::WaitingIo, "#3BB9DD", "#3C8883", 0.35, Hatch::Dots, 'I'},
    {State::Sleeping, "#F1F1F2", "#37433F", 0.18, Hatch::None, 'z'},
    {State::Failed, "#000000", "#FFFFFF", 1.00, Hatch::None, '!'},
    {State::Queued, "#D3D9E4", "#59627A", 0.26, Hatch::Vertical, 'q'},
    {State::Reserved, "#B3BFD6", "#6C7896", 0.35, Hatch::BackDiagonal, 'v'},
    {State::Suspended, "#CDBBE4", "#7A659C", 0.26, Hatch::Horizontal, 'a'},
    {State::Blocked, "#B65FA0", "#C878B4", 0.60, Hatch::Vertical, 'B'},
    {State::Retrying, "#C9AE74", "#8F7A45", 0.35, Hatch::Grid, 'Y'},
    {State::Held, "#6A55A3", "#A592E0", 0.80, Hatch::None, 'H'},
    {State::Other, "#A8A8A8", "#7C7C7C", 0.60, Hatch::None, '-'},
    {State::Done, "#FFFFFF", "#1E1E1E", 0.00, Hatch::None, '.'},
    {State::Cancelled, "#FFFFFF", "#1E1E1E", 0.00, Hatch::None, 'x'},
};

struct PartRow {
    Part part;
    const char* light;
    const char* dark;
    Hatch hatch;
};

constexpr PartRow kPartRows[] = {
    {Part::Work, "#274483", "#79A8F0", Hatch::None},
    {Part::OwnWaits, "#3BB9DD", "#3C8883", Hatch::Dots},
    {Part::SerialPart, "#A5A4AF", "#7E59AA", Hatch::Horizontal},
    {Part::Arrivals, "#FFFFFF", "#364340", Hatch::None},
    {Part::InterpreterLock, "#DA714A", "#C98501", Hatch::Diagonal},
    {Part::Locks, "#A6393F", "#BC453D", Hatch::Cross},
    {Part::Imbalance, "#DBD0BF", "#483F22", Hatch::Diagonal},
    {Part::StartUp, "#2A2035", "#D4B4C6", Hatch::None},
    {Part::Transfer, "#21857C", "#66EEA2", Hatch::None},
    {Part::Queueing, "#CCD6E2", "#555F76", Hatch::Vertical},
    {Part::Prefetch, "#6E89E2", "#7A7BFF", Hatch::BackDiagonal},
    {Part::NoCore, "#EFC83D", "#EBFC32", Hatch::Horizontal},
    {Part::OtherPrograms, "#BAA68B", "#8A7B69", Hatch::None},
    {Part::Machinery, "#AF62A6", "#C17EB9", Hatch::Grid},
};
static_assert(std::size(kPartRows) == analysis::kParts);

constexpr std::array<const char*, kCurveColours> kLightCurves{"#0058D4", "#C14F0A", "#1E937A",
                                                              "#691B67"};
constexpr std::array<const char*, kCurveColours> kDarkCurves{"#888FF6", "#FFA84C", "#3CBE99",
                                                             "#EABFF3"};

void setParts(Theme& theme) {
    for (const PartRow& row : kPartRows) {
        theme.parts[static_cast<std::size_t>(row.part)] = {
            QColor(QLatin1String(theme.isDark() ? row.dark : row.light)), row.hatch};
    }
    for (std::size_t i = 0; i < kCurveColours; ++i) {
        theme.curves[i] = QColor(QLatin1String(theme.isDark() ? kDarkCurves[i] : kLightCurves[i]));
    }
}

void setStates(Theme& theme) {
    for (const StateRow& row : kStates) {
        StateLook& look = theme.states[static_cast<std::size_t>(row.state)];
        look.fill = QColor(QLatin1String(theme.isDark() ? row.dark : row.light));
        look.heightRatio = row.heightRatio;
        look.hatch = row.hatch;
        look.letter = QLatin1Char(row.letter);
        look.hasTick = row.state == State::Transfer;
    }
}

void setLightColours(Theme& theme) {
    theme.background = QColor(0xff, 0xff, 0xff);
    theme.alternateRow = QColor(0xf8, 0xf9, 0xfb);
    theme.panel = QColor(0xf3, 0xf4, 0xf6);
    theme.text = QColor(0x1b, 0x1f, 0x24);
    theme.mutedText = QColor(0x5c, 0x63, 0x6d);
    theme.grid = QColor(0xe1, 0xe4, 0xe9);
    theme.outline = QColor(0x22, 0x22, 0x22);
    theme.accent = QColor(0x0b, 0x57, 0xd0);
    theme.selection = QColor(0xc4, 0x00, 0x7a);
    theme.selectionFill = QColor(0x0b, 0x57, 0xd0, 0x26);
    theme.warning = QColor(0x8a, 0x5a, 0x00);
    theme.error = QColor(0xb3, 0x1d, 0x1d);
}

void setDarkColours(Theme& theme) {
    theme.background = QColor(0x1e, 0x1e, 0x1e);
    theme.alternateRow = QColor(0x23, 0x24, 0x26);
    theme.panel = QColor(0x29, 0x2b, 0x2e);
    theme.text = QColor(0xe8, 0xea, 0xed);
    theme.mutedText = QColor(0xa6, 0xac, 0xb5);
    theme.grid = QColor(0x38, 0x3b, 0x40);
    theme.outline = QColor(0xdd, 0xdd, 0xdd);
    theme.accent = QColor(0x8a, 0xb4, 0xf8);
    theme.selection = QColor(0xff, 0x7a, 0xc6);
    theme.selectionFill = QColor(0x8a, 0xb4, 0xf8, 0x38);
    theme.warning = QColor(0xf0, 0xc0, 0x60);
    theme.error = QColor(0xff, 0x8a, 0x80);
}

void setPrintColours(Theme& theme) {
    setLightColours(theme);
    theme.alternateRow = theme.background;
    theme.panel = theme.background;
    theme.text = QColor(0, 0, 0);
    theme.mutedText = QColor(0x40, 0x40, 0x40);
    theme.grid = QColor(0xc8, 0xc8, 0xc8);
    theme.outline = QColor(0, 0, 0);
    theme.accent = QColor(0, 0, 0);
    theme.selection = QColor(0, 0, 0);
    theme.selectionFill = QColor(0, 0, 0, 0x1c);
}

QString chartFontFamily() {
    const QString bundled = QStringLiteral("DejaVu Sans");
    return QFontDatabase::hasFamily(bundled)
               ? bundled
               : QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
}

} // namespace

QString nameOf(ThemeKind kind) {
    switch (kind) {
    case ThemeKind::Light:
        return QStringLiteral("light");
    case ThemeKind::Dark:
        return QStringLiteral("dark");
    case ThemeKind::Print:
        return QStringLiteral("print");
    }
    std::unreachable();
}

QFont Theme::font(int pixels, bool isBold) const {
    QFont font(fontFamily);
    font.setPixelSize(pixels);
    font.setBold(isBold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

Theme themeOf(ThemeKind kind) {
    Theme theme;
    theme.kind = kind;
    switch (kind) {
    case ThemeKind::Light:
        setLightColours(theme);
        break;
    case ThemeKind::Dark:
        setDarkColours(theme);
        break;
    case ThemeKind::Print:
        setPrintColours(theme);
        break;
    }
    theme.fontFamily = chartFontFamily();
    setStates(theme);
    setParts(theme);
    return theme;
}

ThemeKind systemThemeKind(const QPalette& palette) {
    return palette.color(QPalette::Window).lightnessF() < 0.5 ? ThemeKind::Dark : ThemeKind::Light;
}

QPalette applicationPalette(const Theme& theme) {
    QPalette palette;
    const QColor button = mixed(theme.panel, theme.text, 0.06);
    palette.setColor(QPalette::Window, theme.panel);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.background);
    palette.setColor(QPalette::AlternateBase, theme.alternateRow);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.mutedText);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.error);
    palette.setColor(QPalette::ToolTipBase, mixed(theme.panel, theme.text, 0.04));
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, inkOn(theme.accent));
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::Light, mixed(button, QColor(255, 255, 255), 0.3));
    palette.setColor(QPalette::Midlight, mixed(button, QColor(255, 255, 255), 0.15));
    palette.setColor(QPalette::Mid, mixed(button, QColor(0, 0, 0), 0.2));
    palette.setColor(QPalette::Dark, mixed(button, QColor(0, 0, 0), 0.4));
    palette.setColor(QPalette::Shadow, QColor(0, 0, 0));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, mixed(theme.panel, theme.text, 0.45));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, mixed(theme.panel, theme.text, 0.2));
    return palette;
}

} // namespace interleave::ui
