// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the kitchen, drawn as vectors: a chef in each pose, a plate, a ticket, a knife,
// and the small signs that say what is waited for. Everything has a shape of its own, so that no
// colour is needed to tell it.
#pragma once

#include "ui/kitchen/kitchen_scene.h"
#include "ui/theme/theme.h"

class QPainter;

namespace interleave::ui {

struct KitchenColours {
    QColor floor;
    QColor tile;
    QColor wall;
    QColor wood;
    QColor woodEdge;
    QColor steel;
    QColor oven;
    QColor glow;
    QColor jacket;
    QColor skin;
    QColor paper;
    QColor ink; // outlines and small signs
};
KitchenColours kitchenColours(const Theme& theme);

/// What a chef thinks of, and what the key explains.
enum class Sign : std::uint8_t { Knife, Lock, Flame, Clock, Stove, Parcel, Full, Ticket, Plate };

void paintSign(QPainter& painter, Sign sign, const QRectF& rect, const KitchenColours& colours);
void paintChef(QPainter& painter, const ChefFigure& figure, const QRectF& rect,
               const KitchenColours& colours, const Theme& theme);
void paintKnife(QPainter& painter, const QRectF& rect, const KitchenColours& colours,
                bool isOutline);
/// One line, elided where it is too long.
void paintWords(QPainter& painter, const QRectF& rect, const QString& words, const QFont& font,
                const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);
void paintDish(QPainter& painter, const DishFigure& dish, const KitchenColours& colours,
               const Theme& theme);

} // namespace interleave::ui
