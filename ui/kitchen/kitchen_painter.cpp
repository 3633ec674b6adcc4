// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_painter.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/kitchen/kitchen_figures.h"
#include "ui/kitchen/kitchen_text.h"
#include "ui/theme/contrast.h"
#include "ui/theme/hatch.h"
#include "ui/theme/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace interleave::ui {

using analysis::Kitchen;

namespace {

constexpr std::size_t kMostServedPlates = 12;

class SceneBrush {
public:
    SceneBrush(QPainter& painter, const Kitchen& kitchen, const KitchenLayout& layout,
               const KitchenScene& scene, const Theme& theme)
        : m_painter(painter)
        , m_kitchen(kitchen)
        , m_layout(layout)
        , m_scene(scene)
        , m_theme(theme)
        , m_colours(kitchenColours(theme)) {}

    void head() {
        const QString source = sourceText(*m_kitchen.recording());
        const QFont plain = m_theme.font(12);
        const double width = std::min(QFontMetricsF(plain).horizontalAdvance(source) + 4,
                                      m_layout.head.width() * 0.4);
        const QRectF right(m_layout.head.right() - width, m_layout.head.top(), width,
                           m_layout.head.height());
        text(right, source, plain, m_theme.mutedText, Qt::AlignRight | Qt::AlignVCenter);
        text(m_layout.head.adjusted(0, 0, -width - 12, 0), totalsText(m_scene.totals, m_scene.when),
             m_theme.font(14, true), m_theme.text);
    }

    void hatch() {
        const QRectF& hatch = m_layout.hatch;
        m_painter.setPen(QPen(mixed(m_colours.steel, m_theme.text, 0.35), 1));
        m_painter.setBrush(m_colours.steel);
        m_painter.drawRoundedRect(hatch.adjusted(0.5, 6.5, -0.5, -0.5), 5, 5);
        const QString words = servedText(m_scene.totals);
        const QFont font = m_theme.font(13, true);
        text(hatch.adjusted(12, 6, -12, 0), words, font, inkOn(m_colours.steel));
        double x = hatch.left() + 12 + QFontMetricsF(font).horizontalAdvance(words) + 22;
        const std::size_t plates =
            std::min<std::uint64_t>(m_scene.totals.served, kMostServedPlates);
        for (std::size_t i = 0; i < plates && x + 20 < hatch.right(); ++i, x += 20) {
            paintSign(m_painter, Sign::Plate, {x - 8, hatch.center().y() - 5, 17, 17}, m_colours);
        }
    }

    void chefs() {
        for (const ChefFigure& chef : m_scene.chefs) {
            const PlacedStation& station = m_layout.stations[chef.chef];
            paintChef(m_painter, chef, station.figure, m_colours, m_theme);
            word(chef, station);
        }
    }

    void knives() {
        for (std::size_t i = 0; i < m_layout.rooms.size(); ++i) {
            if (m_scene.isKnifeOnHook[i]) {
                paintKnife(m_painter, m_layout.rooms[i].knife, m_colours, false);
            }
        }
    }

    void dishes(TaskId selected) {
        for (const QLineF& theft : m_scene.thefts) {
            QPen pen(m_theme.selection, 2, Qt::DashLine, Qt::RoundCap);
            m_painter.setPen(pen);
            m_painter.drawLine(theft);
        }
        for (const DishFigure& dish : m_scene.dishes) {
            paintDish(m_painter, dish, m_colours, m_theme);
            if (dish.task == selected && !selected.isNone()) {
                m_painter.setPen(QPen(m_theme.selection, 3));
                m_painter.setBrush(Qt::NoBrush);
                m_painter.drawEllipse(dish.rect().center(), dish.rect().width() / 2 + 3,
                                      dish.rect().height() / 2 + 3);
            }
        }
        for (const Tally& tally : m_scene.tallies) {
            text(tally.rect, tally.text, m_theme.font(11, true), m_theme.text,
                 Qt::AlignRight | Qt::AlignVCenter);
        }
    }

private:
    /// The state as the legend has it, and a word beside it.
    void word(const ChefFigure& chef, const PlacedStation& station) {
        const double scale = station.handRadius / 15;
        QRectF rest = station.word;
        if (chef.state) {
            const StateLook& look = m_theme.of(*chef.state);
            const QRectF swatch(rest.left(), rest.center().y() - 6 * scale, 12 * scale, 12 * scale);
            m_painter.setRenderHint(QPainter::Antialiasing, false);
            m_painter.fillRect(swatch, look.fill);
            drawHatch(m_painter, swatch, look.hatch, hatchInk(look.fill), swatch.bottomLeft());
            m_painter.setPen(QPen(m_theme.outline, 1));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(swatch);
            m_painter.setRenderHint(QPainter::Antialiasing, true);
            rest.setLeft(swatch.right() + 5 * scale);
        }
        const bool isQuiet = chef.pose == Pose::Idle || chef.pose == Pose::Away;
        text(rest, chef.word, m_theme.font(std::max(9, static_cast<int>(std::lround(12 * scale)))),
             isQuiet ? m_theme.mutedText : m_theme.text);
    }

    void text(const QRectF& rect, const QString& words, const QFont& font, const QColor& colour,
              Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter) {
        paintWords(m_painter, rect, words, font, colour, alignment);
    }

    QPainter& m_painter;
    const Kitchen& m_kitchen;
    const KitchenLayout& m_layout;
    const KitchenScene& m_scene;
    const Theme& m_theme;
    KitchenColours m_colours;
};

} // namespace

void paintKitchenScene(QPainter& painter, const Kitchen& kitchen, const KitchenLayout& layout,
                       const KitchenScene& scene, const Theme& theme, TaskId selected) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    SceneBrush brush(painter, kitchen, layout, scene, theme);
    brush.head();
    brush.hatch();
    brush.knives();
    brush.chefs();
    brush.dishes(selected);
    painter.restore();
}

chart::Scene emptyKitchenScene(QSizeF size, bool hasRecording) {
    chart::Scene scene;
    scene.size = size;
    if (hasRecording) {
        chart::addEmptyState(scene, tr("Nobody is in the kitchen"),
                             tr("This recording tells of no workers, so there are no chefs to "
                                "show. The other views show what it has."));
    } else {
        chart::addEmptyState(scene, tr("The kitchen is closed"),
                             tr("Choose a scenario and a model, then press Run. Here you will see "
                                "who cooks which dish, and who waits for the knife."));
    }
    return scene;
}

KitchenPainter::KitchenPainter(std::shared_ptr<const Kitchen> kitchen, TimeRange visible,
                               std::optional<Nanoseconds> when)
    : m_kitchen(std::move(kitchen))
    , m_visible(visible)
    , m_when(when.value_or(m_kitchen->busiestNs())) {}

void KitchenPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.translate(rect.topLeft());
    if (m_kitchen->isEmpty()) {
        chart::paintScene(painter, emptyKitchenScene(rect.size(), true), theme);
        painter.restore();
        return;
    }
    const KitchenLayout layout = kitchenLayout(*m_kitchen, rect.size());
    const double scale =
        std::min({1.0, rect.width() / layout.size.width(), rect.height() / layout.size.height()});
    painter.scale(scale, scale);
    paintKitchenRoom(painter, *m_kitchen, layout, theme);
    const KitchenMotion motion{m_when, kitchenTravelNs(m_visible)};
    paintKitchenScene(painter, *m_kitchen, layout, kitchenScene(*m_kitchen, layout, motion), theme);
    painter.restore();
}

QSize KitchenPainter::preferredSize() const {
    const QSizeF usual(1200, 680);
    return m_kitchen->isEmpty() ? QSize(1200, 400) : kitchenLayout(*m_kitchen, usual).size.toSize();
}

/// Only what occurs at the moment, in the order of the states.
QList<LegendEntry> KitchenPainter::legend(const Theme&) const {
    if (m_kitchen->isEmpty()) {
        return {};
    }
    std::array<bool, static_cast<std::size_t>(kStateCount)> seen{};
    const auto moment = m_kitchen->at(m_when, 0);
    for (const analysis::Dish& dish : moment.dishes) {
        if (dish.state) {
            seen[static_cast<std::size_t>(*dish.state)] = true;
        }
    }
    for (const analysis::ChefAtWork& chef : moment.chefs) {
        if (chef.state) {
            seen[static_cast<std::size_t>(*chef.state)] = true;
        }
    }
    QList<LegendEntry> entries;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i]) {
            const auto name = nameOf(static_cast<State>(i));
            entries.append({static_cast<State>(i),
                            {},
                            QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))});
        }
    }
    return entries;
}

} // namespace interleave::ui
