// SPDX-License-Identifier: GPL-3.0-or-later
// What a moment puts into a placed kitchen: chefs with what they do, dishes on their way, knives.
// Plain data that the painter draws and that clicks and tests look at. Pure.
#pragma once

#include "engine/analysis/kitchen.h"
#include "ui/kitchen/kitchen_layout.h"

#include <QLineF>
#include <QString>

#include <optional>
#include <vector>

namespace interleave::ui {

enum class Pose : std::uint8_t {
    Away,   // not hired yet, or gone
    Idle,   // has nothing to do
    Cooks,  // on a core
    Stove,  // could cook, but no core is free
    Knife,  // wants the knife
    Lock,   // wants something that a colleague has
    Oven,   // waits for the oven
    Sleeps, // waits for a timer or for another dish
    Full,   // can't put it down: what comes next is full
    Parcel, // packs or unpacks
    Starts, // is only just being hired
};

struct ChefFigure {
    std::uint32_t chef = 0;
    Pose pose = Pose::Idle;
    std::optional<State> state;
    bool hasKnife = false;
    double phase = 0; // of the hand that works, 0 .. 1
    QString word;     // "cooks 3"
};

struct DishFigure {
    QRectF ticketRect; // of an order; else empty
    QPointF centre;
    double radius = 10;
    TaskId task;
    std::optional<State> state;
    QString label;
    bool isStolen = false;

    QRectF rect() const {
        return ticketRect.isEmpty()
                   ? QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
                   : ticketRect;
    }
};

/// "+12": there is no room for more plates.
struct Tally {
    QRectF rect;
    QString text;
};

struct KitchenScene {
    std::vector<ChefFigure> chefs;
    std::vector<DishFigure> dishes; // later ones lie over earlier ones
    std::vector<Tally> tallies;
    std::vector<QLineF> thefts;      // from board to board
    std::vector<bool> isKnifeOnHook; // by room
    analysis::KitchenTotals totals;
    Nanoseconds when = 0;
};

struct KitchenMotion {
    Nanoseconds when = 0;
    Nanoseconds travel = 1; // how long a dish is on its way to another place
};

/// How long that is where so much is visible.
Nanoseconds kitchenTravelNs(TimeRange visible);

KitchenScene kitchenScene(const analysis::Kitchen& kitchen, const KitchenLayout& layout,
                          const KitchenMotion& motion);

/// "3" of "dish 3", else the first letters.
QString dishLabel(const std::string& name);

} // namespace interleave::ui
