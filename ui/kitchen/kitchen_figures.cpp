// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_figures.h"

#include "ui/theme/contrast.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr QSizeF kFigure{62, 90}; // the unit in which chefs are drawn

QColor rgb(unsigned value) {
    return QColor::fromRgb(static_cast<QRgb>(value));
}

void fill(QPainter& painter, const QPainterPath& path, const QColor& colour, const QColor& line,
          double width = 1.1) {
    painter.setPen(line.isValid() ? QPen(line, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin)
                                  : QPen(Qt::NoPen));
    painter.setBrush(colour);
    painter.drawPath(path);
}

/// A disc with a frame, as two fills: to stroke a circle takes several times as long.
void disc(QPainter& painter, QPointF centre, double radius, const QColor& colour,
          const QColor& line, double width = 1.1) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(line);
    painter.drawEllipse(centre, radius, radius);
    painter.setBrush(colour);
    painter.drawEllipse(centre, radius - width, radius - width);
}

QPainterPath hatPath() {
    QPainterPath hat;
    hat.setFillRule(Qt::WindingFill);
    hat.addEllipse(QPointF(23.5, 13), 7, 6.5);
    hat.addEllipse(QPointF(38.5, 13), 7, 6.5);
    hat.addEllipse(QPointF(31, 10), 8.5, 8);
    hat.addRect(21, 13, 20, 12);
    return hat.simplified();
}

void paintHat(QPainter& painter, const KitchenColours& colours) {
    static const QPainterPath hat = hatPath();
    fill(painter, hat, colours.jacket, colours.ink);
    painter.drawLine(QPointF(21.5, 21), QPointF(40.5, 21));
}

void paintFace(QPainter& painter, Pose pose, const KitchenColours& colours) {
    disc(painter, {31, 33}, 10.5, colours.skin, colours.ink);
    painter.setPen(QPen(colours.ink, 1.4, Qt::SolidLine, Qt::RoundCap));
    const double look = pose == Pose::Cooks ? 1.5 : 0;
    if (pose == Pose::Sleeps) {
        painter.drawLine(QPointF(25, 33), QPointF(29, 33));
        painter.drawLine(QPointF(33, 33), QPointF(37, 33));
    } else {
        painter.drawPoint(QPointF(27 + look, 32));
        painter.drawPoint(QPointF(35 + look, 32));
    }
    const bool isGlad = pose == Pose::Cooks;
    painter.drawLine(QPointF(28 + look, 38), QPointF(31 + look, isGlad ? 39.4 : 38));
    painter.drawLine(QPointF(31 + look, isGlad ? 39.4 : 38), QPointF(34 + look, 38));
}

void paintArm(QPainter& painter, QPointF shoulder, QPointF elbow, QPointF hand,
              const KitchenColours& colours) {
    QPainterPath arm(shoulder);
    arm.quadTo(elbow, hand);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.ink, 8, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(arm);
    painter.setPen(QPen(colours.jacket, 5.8, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(arm);
    disc(painter, hand, 4, colours.skin, colours.ink);
}

void paintArms(QPainter& painter, const ChefFigure& figure, const KitchenColours& colours) {
    const QPointF left(17, 53);
    const QPointF right(45, 53);
    const double chop = 6 * std::abs(2 * figure.phase - 1);
    switch (figure.pose) {
    case Pose::Cooks:
    case Pose::Parcel:
        paintArm(painter, left, {9, 66}, {18, 74}, colours);
        paintArm(painter, right, {56, 54}, {57, 60 + chop}, colours);
        if (figure.hasKnife) {
            paintKnife(painter, {50, 39 + chop / 2, 30, 13.6}, colours, false);
        }
        break;
    case Pose::Stove: // folded
        paintArm(painter, left, {14, 66}, {36, 65}, colours);
        paintArm(painter, right, {48, 66}, {26, 62}, colours);
        if (figure.hasKnife) { // keeps it and is not on a core: nobody else can cut
            paintKnife(painter, {34, 55, 30, 13.6}, colours, false);
        }
        break;
    case Pose::Knife:
    case Pose::Lock:
    case Pose::Full: // a hand at the chin
        paintArm(painter, left, {10, 64}, {15, 76}, colours);
        paintArm(painter, right, {56, 60}, {39, 43}, colours);
        break;
    default:
        paintArm(painter, left, {10, 64}, {14, 77}, colours);
        paintArm(painter, right, {52, 64}, {48, 77}, colours);
        if (figure.hasKnife) { // holds it and does not use it
            paintKnife(painter, {44, 70, 30, 13.6}, colours, false);
        }
        break;
    }
}

void paintBody(QPainter& painter, const KitchenColours& colours) {
    QPainterPath body;
    body.moveTo(21, 45);
    body.cubicTo(12, 47, 11, 54, 11, 90);
    body.lineTo(51, 90);
    body.cubicTo(51, 54, 50, 47, 41, 45);
    body.closeSubpath();
    fill(painter, body, colours.jacket, colours.ink);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.ink);
    for (const double y : {57.0, 66.0, 75.0}) {
        painter.drawEllipse(QPointF(28, y), 1.3, 1.3);
        painter.drawEllipse(QPointF(34, y), 1.3, 1.3);
    }
}

std::optional<Sign> signOf(Pose pose) {
    switch (pose) {
    case Pose::Knife:
        return Sign::Knife;
    case Pose::Lock:
        return Sign::Lock;
    case Pose::Oven:
        return Sign::Flame;
    case Pose::Sleeps:
        return Sign::Clock;
    case Pose::Stove:
        return Sign::Stove;
    case Pose::Full:
        return Sign::Full;
    case Pose::Parcel:
        return Sign::Parcel;
    default:
        return std::nullopt;
    }
}

void paintThought(QPainter& painter, Sign sign, const KitchenColours& colours) {
    const QRectF cloud(46, -1, 30, 25);
    disc(painter, {44, 27}, 2, colours.paper, colours.ink, 0.9);
    disc(painter, {47.5, 23.5}, 2.8, colours.paper, colours.ink, 0.9);
    QPainterPath path;
    path.addRoundedRect(cloud, 11, 11);
    fill(painter, path, colours.paper, colours.ink);
    paintSign(painter, sign, cloud.adjusted(6.5, 4, -6.5, -4), colours);
}

void paintTicket(QPainter& painter, const DishFigure& dish, const KitchenColours& colours,
                 const Theme& theme) {
    const QRectF& rect = dish.ticketRect;
    painter.setPen(QPen(colours.ink, 1));
    painter.setBrush(colours.paper);
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    if (dish.state) {
        painter.fillRect(QRectF(rect.left() + 1, rect.bottom() - 5, rect.width() - 2, 4),
                         theme.of(*dish.state).fill);
    }
    painter.setFont(theme.font(11, true));
    painter.setPen(inkOn(colours.paper));
    painter.drawText(rect.adjusted(1, 2, -1, -5), Qt::AlignCenter, dish.label);
}

} // namespace

KitchenColours kitchenColours(const Theme& theme) {
    switch (theme.kind) {
    case ThemeKind::Light:
        return {rgb(0xF6F1E7), rgb(0xE9E0CF), rgb(0xFCF9F3), rgb(0xDDB884),
                rgb(0xA97F48), rgb(0xCDD5DC), rgb(0x59616B), rgb(0xFFB25A),
                rgb(0xFFFFFF), rgb(0xEBC09A), rgb(0xFFFDF6), rgb(0x3A3129)};
    case ThemeKind::Dark:
        return {rgb(0x2A2622), rgb(0x37322C), rgb(0x322D28), rgb(0x7D5D38),
                rgb(0xB08A58), rgb(0x5D6873), rgb(0x14171A), rgb(0xE08A32),
                rgb(0xE6E9ED), rgb(0xD3A57E), rgb(0xEFE8D6), rgb(0x100E0C)};
    case ThemeKind::Print:
        return {rgb(0xFFFFFF), rgb(0xEDEDED), rgb(0xFFFFFF), rgb(0xDCDCDC),
                rgb(0x606060), rgb(0xE4E4E4), rgb(0xC4C4C4), rgb(0x808080),
                rgb(0xFFFFFF), rgb(0xF0F0F0), rgb(0xFFFFFF), rgb(0x000000)};
    }
    std::unreachable();
}

void paintWords(QPainter& painter, const QRectF& rect, const QString& words, const QFont& font,
                const QColor& colour, Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(rect, int(alignment) | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(words, Qt::ElideRight, rect.width()));
}

void paintKnife(QPainter& painter, const QRectF& rect, const KitchenColours& colours,
                bool isOutline) {
    painter.save();
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / 22, rect.height() / 10);
    QPainterPath blade(QPointF(7, 2));
    blade.lineTo(21, 2);
    blade.cubicTo(20, 6, 16, 9, 7, 9);
    blade.closeSubpath();
    QPainterPath handle;
    handle.addRoundedRect(QRectF(0, 2, 7.5, 3.6), 1.6, 1.6);
    const QColor polished = mixed(colours.steel, colours.jacket, 0.5); // told from the wall
    fill(painter, blade, isOutline ? QColor(Qt::transparent) : polished, colours.ink, 1);
    fill(painter, handle, isOutline ? QColor(Qt::transparent) : colours.woodEdge, colours.ink, 1);
    painter.restore();
}

void paintSign(QPainter& painter, Sign sign, const QRectF& rect, const KitchenColours& colours) {
    if (sign == Sign::Knife) {
        const double height = rect.width() * 10 / 22;
        paintKnife(painter, {rect.left(), rect.center().y() - height / 2, rect.width(), height},
                   colours, false);
        return;
    }
    painter.save();
    const double side = std::min(rect.width(), rect.height());
    painter.translate(rect.center() - QPointF(side / 2, side / 2));
    painter.scale(side / 16, side / 16);
    const QPen line(colours.ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(line);
    painter.setBrush(Qt::NoBrush);
    QPainterPath path;
    switch (sign) {
    case Sign::Knife:
        break;
    case Sign::Lock:
        path.addRoundedRect(QRectF(3, 7, 10, 8), 1.5, 1.5);
        fill(painter, path, colours.steel, colours.ink);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(line);
        painter.drawArc(QRectF(5, 1.5, 6, 10), 0, 180 * 16);
        break;
    case Sign::Flame:
        path.moveTo(8, 1);
        path.cubicTo(15, 7, 13.5, 15, 8, 15);
        path.cubicTo(2.5, 15, 1.5, 8, 5.5, 5);
        path.cubicTo(5.8, 8, 7, 8, 7.4, 7.2);
        path.cubicTo(8.4, 5.2, 7.4, 3, 8, 1);
        fill(painter, path, colours.glow, colours.ink);
        break;
    case Sign::Clock:
        painter.drawEllipse(QPointF(8, 8), 6.6, 6.6);
        painter.drawLine(QPointF(8, 8), QPointF(8, 4));
        painter.drawLine(QPointF(8, 8), QPointF(11, 9.5));
        break;
    case Sign::Stove: // a ring of the stove, taken
        painter.drawEllipse(QPointF(8, 8), 6.6, 6.6);
        painter.drawEllipse(QPointF(8, 8), 2.8, 2.8);
        painter.drawLine(QPointF(2.5, 13.5), QPointF(13.5, 2.5));
        break;
    case Sign::Parcel:
        path.addRect(QRectF(2, 3, 12, 11));
        fill(painter, path, colours.wood, colours.ink);
        painter.drawLine(QPointF(8, 3), QPointF(8, 14));
        painter.drawLine(QPointF(2, 7.5), QPointF(14, 7.5));
        break;
    case Sign::Full: // three plates on each other
        for (const double y : {4.0, 8.5, 13.0}) {
            painter.drawLine(QPointF(2, y), QPointF(14, y));
        }
        break;
    case Sign::Ticket:
        path.addRect(QRectF(3, 1, 10, 14));
        fill(painter, path, colours.paper, colours.ink);
        painter.drawLine(QPointF(5.5, 5), QPointF(10.5, 5));
        painter.drawLine(QPointF(5.5, 8.5), QPointF(10.5, 8.5));
        break;
    case Sign::Plate:
        disc(painter, {8, 8}, 7, colours.paper, colours.ink);
        disc(painter, {8, 8}, 4, colours.glow, colours.ink);
        break;
    }
    painter.restore();
}

void paintChef(QPainter& painter, const ChefFigure& figure, const QRectF& rect,
               const KitchenColours& colours, const Theme& theme) {
    painter.save();
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / kFigure.width(), rect.height() / kFigure.height());
    KitchenColours worn = colours;
    if (figure.pose == Pose::Away || figure.pose == Pose::Idle || figure.pose == Pose::Starts) {
        const double fade = figure.pose == Pose::Idle ? 0.45 : 0.72; // nothing is asked of them
        for (QColor* each : {&worn.jacket, &worn.skin, &worn.ink}) {
            *each = mixed(*each, colours.floor, fade);
        }
    }
    paintBody(painter, worn);
    paintFace(painter, figure.pose, worn);
    paintHat(painter, worn);
    paintArms(painter, figure, worn);
    if (const auto sign = signOf(figure.pose)) {
        paintThought(painter, *sign, colours);
    }
    painter.restore();
    Q_UNUSED(theme)
}

void paintDish(QPainter& painter, const DishFigure& dish, const KitchenColours& colours,
               const Theme& theme) {
    if (!dish.ticketRect.isEmpty()) {
        paintTicket(painter, dish, colours, theme);
        return;
    }
    const double r = dish.radius;
    const QColor food = dish.state ? theme.of(*dish.state).fill : colours.paper;
    disc(painter, dish.centre, r, colours.paper, dish.isStolen ? theme.selection : colours.ink,
         dish.isStolen ? 2.4 : 1.1);
    disc(painter, dish.centre, r * 0.8, food, colours.ink, 0.8);
    const int pixels = static_cast<int>(std::lround(std::clamp(r * 0.85, 8.0, 18.0)));
    painter.setFont(theme.font(dish.label.size() > 2 ? std::max(7, pixels - 3) : pixels, true));
    painter.setPen(inkOn(food));
    painter.drawText(QRectF(dish.centre.x() - r, dish.centre.y() - r, 2 * r, 2 * r),
                     Qt::AlignCenter | Qt::TextDontClip, dish.label);
}

} // namespace interleave::ui
