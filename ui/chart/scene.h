// SPDX-License-Identifier: GPL-3.0-or-later
// Scene: what a view draws, as plain data: boxes, areas, lines, arrows and texts in logical pixels
// and colour roles, in painting order. Geometry makes it, the scene painter paints it, tests read
// it. Knows neither colours nor recordings.
#pragma once

#include "engine/analysis/waterfall_part.h"
#include "engine/base/state.h"
#include "ui/theme/theme.h"

#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QString>

#include <string>
#include <variant>
#include <vector>

namespace interleave::chart {

enum class Role : std::uint8_t {
    State,   // a state's own colour, pattern and height; index: the State's number
    Part,    // of a waterfall; index: the Part's number
    Curve,   // of up to four curves in one chart; index: which
    Band,    // from where to where a curve's runs lie; index: as Curve
    Series,  // identity shades for processes and curves; index: which
    Holder,  // two alternating shades for who holds a lock; index: 0 or 1
    OffCore, // held, but the holder is not on a core; index: as Holder
    Other,   // somebody else's program
    Heat,    // a cell of a heat map; index: 0 .. 100 % of the strongest
    Panel,   // behind a plot
    Header,  // behind a table's or a panel's heading
    Accent,  // what is chosen
    Warning, // what deserves a look: forced hand-overs, missing data
    Grid,
    Axis,
    Text,
    Muted,
    Halo, // the background's colour: makes lines and labels stand off
};

struct Ink {
    Role role = Role::Text;
    int index = 0;
    ui::Hatch hatch = ui::Hatch::None; // on top of what the role brings
    friend bool operator==(const Ink&, const Ink&) = default;
};

inline Ink inkOf(State state) {
    return {Role::State, static_cast<int>(state)};
}
inline Ink inkOf(analysis::Part part) {
    return {Role::Part, static_cast<int>(part)};
}

enum class Font : std::uint8_t { Small, Body, Strong, Title, Figure };

struct Box {
    QRectF rect;
    Ink ink{};
    QString label{}; // written inside when it fits, else left out
    bool isOutlined = false;
};

struct Area {
    QPolygonF outline;
    Ink ink{};
};

struct Line {
    QPolygonF points;
    Ink ink{};
    double widthPx = 1.0;
    bool isDashed = false;
    bool isSmooth = false; // a curve; without it edges are crisp
    bool hasHead = false;  // an arrow's, at the last point
};

struct Arrow {
    QPointF from;
    QPointF to;
    Ink ink{};
    bool hasDoubleHead = false; // a hand-over of a lock
};

enum class Shape : std::uint8_t {
    Disc,
    Ring,   // hollow, so that it can't be taken for a disc in print
    Target, // a disc with a ring around it
    Square,
    Diamond,
    Triangle,
    Hourglass,
    Cross,
    Check,
    Slash, // a ring that is crossed out
    Back,  // a triangle that points to the left
    Bar,
};

/// A small mark for one thing or, with a number in it, for several.
struct Dot {
    QPointF centre;
    double radiusPx = 4;
    Ink ink{};
    Shape shape = Shape::Disc;
    QString label{}; // inside; the mark is made wide enough for it
};

struct Text {
    QRectF rect; // elided to fit its width
    QString text;
    Font font = Font::Body;
    Ink ink{};
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool wraps = false;
};

using Item = std::variant<Box, Area, Line, Arrow, Dot, Text>;

struct Scene {
    QSizeF size;
    std::vector<Item> items;

    void add(Item item) { items.push_back(std::move(item)); }
};

/// The smallest rectangle around an item.
QRectF boundsOf(const Item& item);

/// One line an item, coordinates rounded to whole pixels: what tests compare and print.
std::string describe(const Scene& scene);

} // namespace interleave::chart
