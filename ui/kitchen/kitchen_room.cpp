// SPDX-License-Identifier: GPL-3.0-or-later
// What of a kitchen stays the same while time runs.
#include "ui/kitchen/kitchen_figures.h"
#include "ui/kitchen/kitchen_painter.h"
#include "ui/kitchen/kitchen_text.h"
#include "ui/theme/contrast.h"
#include "ui/theme/text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>

namespace interleave::ui {

using analysis::Kitchen;

namespace {

constexpr double kTilePx = 26;
constexpr double kHeadingPx = 66; // of a narrow oven

class RoomBrush {
public:
    RoomBrush(QPainter& painter, const Kitchen& kitchen, const KitchenLayout& layout,
              const Theme& theme)
        : m_painter(painter)
        , m_kitchen(kitchen)
        , m_layout(layout)
        , m_theme(theme)
        , m_colours(kitchenColours(theme)) {}

    void rails() {
        for (std::size_t i = 0; i < m_layout.rails.size(); ++i) {
            const QRectF& rail = m_layout.rails[i];
            const QRectF bar(rail.left(), rail.top() + 5, rail.width(), 6);
            box(bar, m_colours.steel, 3);
            // The last rail takes what hangs on none of the others.
            const QString name = railName(m_kitchen.rails()[i]);
            text({rail.left() + 4, rail.top() + 12, 98, rail.height() - 14}, name, 11, true,
                 m_theme.text);
        }
    }

    void room(std::uint32_t index) {
        const PlacedRoom& placed = m_layout.rooms[index];
        box(placed.rect, m_colours.floor, 8);
        tiles(placed);
        text(placed.title, roomTitle(m_kitchen, index), 12, true, m_theme.text);
        if (!placed.hook.isEmpty()) {
            const QRectF board = placed.hook.adjusted(0, 14, 0, -6);
            text({placed.hook.left(), placed.hook.top() - 2, 46, 15}, tr("knife"), 11, false,
                 m_theme.text);
            box(board, m_colours.wall, 4);
            paintKnife(m_painter, placed.knife, faded(), true);
        }
        if (!placed.oven.isEmpty()) {
            const QRectF body = placed.oven.rect.adjusted(-6, -3, 6, 5);
            heading(body, tr("oven: I/O"));
            box(body, m_colours.oven, 5);
            m_painter.fillRect(QRectF(body.left() + 4, body.bottom() - 4, body.width() - 8, 2),
                               m_colours.glow);
        }
        if (!placed.shelf.isEmpty()) {
            const QRectF body = placed.shelf.rect.adjusted(-6, -3, 6, 5);
            heading(body, tr("shelf: asleep, suspended"));
            box(body, m_colours.wall, 3);
            for (int row = 0; row < placed.shelf.rows; ++row) {
                const double y =
                    placed.shelf.cell(row * placed.shelf.columns).y() + placed.shelf.radius + 1;
                m_painter.fillRect(QRectF(body.left() + 1, y, body.width() - 2, 2.5),
                                   m_colours.woodEdge);
            }
        }
    }

    void stations() {
        for (std::uint32_t chef = 0; chef < m_layout.stations.size(); ++chef) {
            const PlacedStation& station = m_layout.stations[chef];
            const QRectF& board = station.board;
            box(board, m_colours.wood, 6);
            m_painter.setPen(QPen(m_colours.woodEdge, 1));
            for (const double share : {0.3, 0.62, 0.85}) {
                const double y = std::floor(board.top() + board.height() * share) + 0.5;
                m_painter.drawLine(QPointF(board.left() + 5, y), QPointF(board.right() - 5, y));
            }
            const double left = station.figure.right() + 18 * station.handRadius / 15;
            text({left, station.rect.top(), station.rect.right() - left, 15 * scaleOf(station)},
                 chefName(m_kitchen, chef), static_cast<int>(std::lround(10 * scaleOf(station))),
                 true, m_theme.text, Qt::AlignRight | Qt::AlignVCenter);
        }
    }

    void key() {
        const std::array<std::pair<Sign, QString>, 6> entries{
            {{Sign::Plate, tr("dish: task")},
             {Sign::Ticket, tr("ticket: queued")},
             {Sign::Knife, tr("knife: interpreter lock")},
             {Sign::Lock, tr("lock, semaphore")},
             {Sign::Flame, tr("oven: I/O")},
             {Sign::Stove, tr("no core free")}}};
        double x = m_layout.key.left();
        for (const auto& [sign, word] : entries) {
            const QFontMetricsF metrics(m_theme.font(11));
            const double width = metrics.horizontalAdvance(word) + 2;
            if (x + 22 + width > m_layout.key.right()) {
                break;
            }
            const QRectF mark(x, m_layout.key.top() + 2, sign == Sign::Knife ? 22 : 17, 18);
            paintSign(m_painter, sign, mark, onBackground());
            text({mark.right() + 5, m_layout.key.top(), width, m_layout.key.height()}, word, 11,
                 false, m_theme.mutedText);
            x = mark.right() + 5 + width + 16;
        }
    }

private:
    static double scaleOf(const PlacedStation& station) { return station.handRadius / 15; }

    KitchenColours faded() const {
        KitchenColours colours = m_colours;
        colours.ink = mixed(m_theme.text, m_colours.wall, 0.55);
        return colours;
    }
    KitchenColours onBackground() const {
        KitchenColours colours = m_colours;
        colours.ink = m_theme.text;
        if (m_theme.isDark()) {
            colours.paper = m_theme.panel;
        }
        return colours;
    }

    void box(const QRectF& rect, const QColor& fill, double corner) {
        m_painter.setPen(QPen(mixed(fill, m_theme.text, 0.35), 1));
        m_painter.setBrush(fill);
        m_painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner);
    }

    void heading(const QRectF& body, const QString& words) {
        const double room = std::max(body.width(), kHeadingPx);
        text({body.left(), body.top() - 15, room, 14}, words, 11, false, m_theme.text);
    }

    void tiles(const PlacedRoom& placed) {
        m_painter.save();
        QPainterPath inside;
        inside.addRoundedRect(placed.rect.adjusted(1, 1, -1, -1), 8, 8);
        m_painter.setClipPath(inside, Qt::IntersectClip);
        m_painter.setPen(QPen(m_colours.tile, 1));
        for (double x = placed.rect.left() + kTilePx; x < placed.rect.right(); x += kTilePx) {
            const double at = std::floor(x) + 0.5;
            m_painter.drawLine(QPointF(at, placed.rect.top()), QPointF(at, placed.rect.bottom()));
        }
        for (double y = placed.rect.top() + kTilePx; y < placed.rect.bottom(); y += kTilePx) {
            const double at = std::floor(y) + 0.5;
            m_painter.drawLine(QPointF(placed.rect.left(), at), QPointF(placed.rect.right(), at));
        }
        m_painter.restore();
    }

    void text(const QRectF& rect, const QString& words, int pixels, bool isBold,
              const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter) {
        const QFont font = m_theme.font(std::max(9, pixels), isBold);
        paintWords(m_painter, rect, words, font, colour, alignment);
    }

    QPainter& m_painter;
    const Kitchen& m_kitchen;
    const KitchenLayout& m_layout;
    const Theme& m_theme;
    KitchenColours m_colours;
};

} // namespace

void paintKitchenRoom(QPainter& painter, const Kitchen& kitchen, const KitchenLayout& layout,
                      const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    RoomBrush brush(painter, kitchen, layout, theme);
    brush.rails();
    for (std::uint32_t i = 0; i < layout.rooms.size(); ++i) {
        brush.room(i);
    }
    brush.stations();
    brush.key();
    painter.restore();
}

} // namespace interleave::ui
