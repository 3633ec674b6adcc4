// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_layout.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using analysis::Kitchen;
using analysis::KitchenRoom;

namespace {

constexpr double kSidePx = 12;
constexpr double kGapPx = 10;
constexpr double kHeadPx = 30;
constexpr double kRailPx = 46;
constexpr double kHatchPx = 42;
constexpr double kKeyPx = 24;
constexpr double kTitlePx = 24;
constexpr QSizeF kStation{150, 118}; // at a scale of 1
constexpr double kLeastScale = 0.72; // smaller letters can't be read
constexpr double kMostScale = 1.7;
constexpr std::size_t kMostRails = 3;
constexpr QSizeF kTicket{34, 30};
constexpr double kRailNamePx = 104;
constexpr int kMostPlates = 60;

struct Columns {
    int columns = 1;
    double scale = 0;
};

/// The number of columns at which stations are largest.
Columns bestColumns(QSizeF room, int stations) {
    Columns best;
    for (int columns = 1; columns <= stations; ++columns) {
        const int rows = (stations + columns - 1) / columns;
        const double scale = std::min(room.width() / columns / kStation.width(),
                                      room.height() / rows / kStation.height());
        if (scale > best.scale) {
            best = {columns, scale};
        }
    }
    return best;
}

bool hasAppliances(const Kitchen& kitchen) {
    return std::ranges::any_of(kitchen.rooms(), [](const KitchenRoom& room) {
        return room.mostInOven + room.mostOnShelf > 0 || !room.knife.isNone();
    });
}

double appliancesPx(double roomHeight, bool isThere) {
    return isThere ? std::clamp(roomHeight * 0.22, 48.0, 112.0) : 0;
}

struct Floor {
    int columns = 1;
    QSizeF room;
    double scale = 0;
};

/// How to divide the floor into rooms so that the fullest one has the largest stations.
Floor floorFor(const Kitchen& kitchen, QSizeF area) {
    const int rooms = static_cast<int>(kitchen.rooms().size());
    int chefs = 1;
    for (const KitchenRoom& room : kitchen.rooms()) {
        chefs = std::max(chefs, static_cast<int>(room.chefs.size()));
    }
    Floor best;
    for (int columns = 1; columns <= rooms; ++columns) {
        const int rows = (rooms + columns - 1) / columns;
        const QSizeF room((area.width() - kGapPx * (columns - 1)) / columns,
                          (area.height() - kGapPx * (rows - 1)) / rows);
        const QSizeF inside(room.width() - 16,
                            room.height() - kTitlePx - 12 -
                                appliancesPx(room.height(), hasAppliances(kitchen)));
        const double scale = bestColumns(inside, chefs).scale;
        if (scale > best.scale) {
            best = {columns, room, scale};
        }
    }
    return best;
}

void placeStation(PlacedStation& station, const QRectF& rect, double scale) {
    const double figure = 62 * scale;
    station.rect = rect;
    station.figure = {rect.left() + 4 * scale, rect.top() + 4 * scale, figure, 90 * scale};
    const double left = station.figure.right() + 2 * scale;
    station.board = {left, rect.top() + 50 * scale, rect.right() - 4 * scale - left, 40 * scale};
    station.word = {rect.left() + 4 * scale, rect.bottom() - 21 * scale, rect.width() - 8 * scale,
                    18 * scale};
    station.handRadius = 15 * scale;
    station.hand = {left + 20 * scale, station.board.center().y()};
    const double stackLeft = station.hand.x() + 20 * scale;
    const QRectF stack(stackLeft, rect.top() + 34 * scale, station.board.right() - stackLeft,
                       56 * scale);
    station.stack = {stack, 9 * scale, std::max(1, static_cast<int>(stack.width() / (20 * scale))),
                     3};
}

void placeStations(KitchenLayout& layout, const Kitchen& kitchen, std::uint32_t index,
                   const QRectF& area) {
    const KitchenRoom& room = kitchen.rooms()[index];
    const int count = static_cast<int>(room.chefs.size());
    if (count == 0) {
        return;
    }
    const Columns best = bestColumns(area.size(), count);
    const double scale = std::min({best.scale, layout.scale * 1.15, kMostScale});
    const int rows = (count + best.columns - 1) / best.columns;
    // One chef's station may be wide: there is much on the board of an event loop.
    const double most = count == 1 ? 3.2 : 1.35;
    const double width = std::min(area.width() / best.columns, kStation.width() * scale * most);
    const double height = std::min(area.height() / rows, kStation.height() * scale * 1.3);
    const double left = area.center().x() - width * best.columns / 2;
    const double top = area.center().y() - height * rows / 2;
    for (int i = 0; i < count; ++i) {
        const QRectF cell(left + (i % best.columns) * width, top + (i / best.columns) * height,
                          width, height);
        const QRectF inside(cell.left() + 3, cell.center().y() - kStation.height() * scale / 2 + 2,
                            cell.width() - 6, kStation.height() * scale - 4);
        placeStation(layout.stations[room.chefs[static_cast<std::size_t>(i)]], inside, scale);
    }
}

PlacedRoom placeRoom(KitchenLayout& layout, const Kitchen& kitchen, std::uint32_t index,
                     const QRectF& rect) {
    const KitchenRoom& room = kitchen.rooms()[index];
    PlacedRoom placed;
    placed.rect = rect;
    placed.title = {rect.left() + 10, rect.top() + 2, rect.width() - 20, kTitlePx - 2};
    const double height = appliancesPx(rect.height(), hasAppliances(kitchen));
    QRectF wall(rect.left() + 8, rect.top() + kTitlePx, rect.width() - 16, height);
    if (!room.knife.isNone()) {
        placed.hook = {wall.left(), wall.top(), 46, wall.height()};
        placed.knife = {wall.left() + 6, wall.center().y() - 4, 34, 16};
        wall.setLeft(wall.left() + 52);
    }
    const double oven = room.mostInOven;
    const double shelf = room.mostOnShelf;
    const double share = oven + shelf > 0 ? (oven + 2) / (oven + shelf + 4) : 0;
    const double label = 16; // above the plates
    const auto plates = [&](double left, double width, double most) {
        return plateGrid({left + 6, wall.top() + label, width - 12, wall.height() - label - 6},
                         std::min(static_cast<int>(most), kMostPlates), 14);
    };
    const double split = shelf == 0 ? wall.width() : oven == 0 ? 0 : wall.width() * share;
    if (oven > 0) {
        placed.oven = plates(wall.left(), split - (shelf > 0 ? 4 : 0), oven);
    }
    if (shelf > 0) {
        placed.shelf = plates(wall.left() + split, wall.width() - split, shelf);
    }
    placeStations(layout, kitchen, index,
                  {rect.left() + 8, rect.top() + kTitlePx + height + 4, rect.width() - 16,
                   rect.height() - kTitlePx - height - 10});
    return placed;
}

} // namespace

QPointF PlateGrid::cell(int index) const {
    const int column = index % columns;
    const int row = index / columns;
    return {rect.left() + rect.width() * (column + 0.5) / columns,
            rect.top() + rect.height() * (row + 0.5) / rows};
}

PlateGrid plateGrid(const QRectF& rect, int plates, double mostRadius) {
    PlateGrid best;
    if (plates < 1 || rect.width() < 8 || rect.height() < 8) {
        return best;
    }
    best.rect = rect;
    for (int rows = 1; rows <= plates; ++rows) {
        const int columns = (plates + rows - 1) / rows;
        const double cell = std::min(rect.width() / columns, rect.height() / rows);
        const double radius = std::min(mostRadius, cell / 2 - 1.5);
        if (radius > best.radius) {
            best.radius = radius;
            best.columns = columns;
            best.rows = rows;
        }
    }
    // Plates stand together at the left, not scattered over a wide oven.
    const double width = std::min(rect.width(), best.columns * (2 * best.radius + 8));
    best.rect = {rect.left(), rect.top(), width, rect.height()};
    return best;
}

std::size_t KitchenLayout::ticketsOn(std::uint32_t rail) const {
    return rail < rails.size()
               ? static_cast<std::size_t>(std::max(0.0, (rails[rail].width() - kRailNamePx - 60) /
                                                            (kTicket.width() + 4)))
               : 0;
}

std::optional<QRectF> KitchenLayout::ticket(std::uint32_t rail, std::size_t index) const {
    if (index >= ticketsOn(rail)) {
        return std::nullopt;
    }
    const QRectF& bar = rails[rail];
    return QRectF(bar.left() + kRailNamePx + static_cast<double>(index) * (kTicket.width() + 4),
                  bar.top() + 9, kTicket.width(), kTicket.height());
}

KitchenLayout kitchenLayout(const Kitchen& kitchen, QSizeF size) {
    KitchenLayout layout;
    layout.stations.resize(kitchen.chefs().size());
    const double width = std::max(420.0, size.width());
    const std::size_t rails =
        kitchen.hasOrders() || kitchen.rails().size() > 1
            ? std::min(kMostRails, kitchen.rails().size() - (kitchen.rails().size() > 1 ? 1 : 0))
            : 0;
    const double above = 4 + kHeadPx + static_cast<double>(rails) * kRailPx + kGapPx;
    const double below = kHatchPx + kKeyPx + kGapPx;
    QSizeF area(width - 2 * kSidePx, std::max(120.0, size.height() - above - below));
    Floor floor = floorFor(kitchen, area);
    while (floor.scale < kLeastScale && area.height() < 20'000) {
        area.setHeight(area.height() * 1.12);
        floor = floorFor(kitchen, area);
    }
    layout.scale = std::min(floor.scale, kMostScale);
    layout.size = {width, above + area.height() + below};
    layout.head = {kSidePx, 4, width - 2 * kSidePx, kHeadPx};
    for (std::size_t i = 0; i < rails; ++i) {
        layout.rails.emplace_back(kSidePx, 4 + kHeadPx + static_cast<double>(i) * kRailPx,
                                  width - 2 * kSidePx, kRailPx);
    }
    for (std::uint32_t i = 0; i < kitchen.rooms().size(); ++i) {
        const int column = static_cast<int>(i) % floor.columns;
        const int row = static_cast<int>(i) / floor.columns;
        const QRectF rect(kSidePx + column * (floor.room.width() + kGapPx),
                          above + row * (floor.room.height() + kGapPx), floor.room.width(),
                          floor.room.height());
        layout.rooms.push_back(placeRoom(layout, kitchen, i, rect));
    }
    layout.hatch = {kSidePx, layout.size.height() - below + kGapPx / 2, width - 2 * kSidePx,
                    kHatchPx - 4};
    layout.key = {kSidePx, layout.size.height() - kKeyPx - 2, width - 2 * kSidePx, kKeyPx};
    return layout;
}

} // namespace interleave::ui
