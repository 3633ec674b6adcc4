// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything of a kitchen stands: rooms, stations, ovens, shelves, rails. Stays the same
// while time runs, so that only dishes and chefs move. Pure.
#pragma once

#include "engine/analysis/kitchen.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>

#include <vector>

namespace interleave::ui {

/// A place for many plates: rows of equal cells.
struct PlateGrid {
    QRectF rect; // empty: there is none
    double radius = 0;
    int columns = 1;
    int rows = 1;

    bool isEmpty() const { return rect.isEmpty(); }
    int count() const { return columns * rows; }
    QPointF cell(int index) const; // from the left, row by row
};

/// As large plates as fit so many into the rectangle.
PlateGrid plateGrid(const QRectF& rect, int plates, double mostRadius);

struct PlacedStation {
    QRectF rect;
    QRectF figure; // the chef
    QRectF board;
    QRectF word;  // what the chef is doing
    QPointF hand; // the middle of the plate that is worked on
    double handRadius = 14;
    PlateGrid stack; // what lies beside it
};

struct PlacedRoom {
    QRectF rect;
    QRectF title;
    QRectF hook;  // of the knife, with its name
    QRectF knife; // while nobody has it
    PlateGrid oven;
    PlateGrid shelf;
};

struct KitchenLayout {
    QSizeF size;
    double scale = 1;
    QRectF head;               // what is where, in numbers
    std::vector<QRectF> rails; // by rail; as many as there is room for
    std::vector<PlacedRoom> rooms;
    std::vector<PlacedStation> stations; // by chef
    QRectF hatch;                        // where dishes are served
    QRectF key;                          // what the pictures mean

    /// Where a ticket hangs; the first is the oldest. None where the rail is full.
    std::optional<QRectF> ticket(std::uint32_t rail, std::size_t index) const;
    std::size_t ticketsOn(std::uint32_t rail) const;
};

/// At least as high as the size asks for; more where everything would be too small to read.
KitchenLayout kitchenLayout(const analysis::Kitchen& kitchen, QSizeF size);

} // namespace interleave::ui
