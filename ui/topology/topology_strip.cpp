// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_strip.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"
#include "ui/topology/message_symbols.h"

#include <QMouseEvent>

#include <algorithm>

namespace interleave::ui {

using chart::Role;

namespace {

constexpr double kMarksPx = 14;
constexpr double kBucketPx = 2;

} // namespace

TopologyStrip::TopologyStrip(ViewState& state, QWidget* parent)
    : SceneView(state, parent) {
    setAccessibleName(tr("Messages over time"));
    setFixedHeight(kHeightPx);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void TopologyStrip::setModel(std::shared_ptr<const TopologyModel> model) {
    m_model = std::move(model);
    refresh();
}

chart::Picture TopologyStrip::pictureFor(QSizeF size) {
    chart::Picture picture;
    picture.scene.size = size;
    picture.scale = {state().visible(), gutterPx(), std::max(0.0, size.width() - gutterPx() - 12)};
    if (!m_model || m_model->isEmpty() || picture.scale.widthPx < 40) {
        return picture;
    }
    const QRectF plot(gutterPx(), chart::kTimeAxisPx, picture.scale.widthPx,
                      size.height() - kMarksPx - chart::kTimeAxisPx - 2);
    chart::addPlotBackground(picture.scene, plot, picture.scale);
    const analysis::Buckets buckets{
        picture.scale.range,
        static_cast<std::size_t>(std::max(1.0, picture.scale.widthPx / kBucketPx))};
    std::vector<double> held = analysis::meanPerBucket(m_model->held, buckets);
    std::vector<double> ready = analysis::meanPerBucket(m_model->ready, buckets);
    double most = 1;
    for (std::size_t i = 0; i < held.size() && i < ready.size(); ++i) {
        most = std::max(most, held[i] + ready[i]);
    }
    most = chart::niceCeiling(most);
    chart::addValueAxis(picture.scene, plot, gutterPx(), {most, {}, true, 0});
    picture.scene.add(chart::Text{{10, plot.top(), gutterPx() - 60, 16}, tr("messages")});
    const std::vector<chart::Layer> layers{{tr("unacked"), heldSymbol().ink, std::move(held)},
                                           {tr("ready"), readySymbol().ink, std::move(ready)}};
    chart::addStack(picture.scene, plot, layers, most);
    addMarks(picture.scene, {plot.left(), plot.top(), plot.width(), plot.height() + kMarksPx},
             picture.scale);
    chart::addTimeAxis(picture.scene, {plot.left(), 0, plot.width(), chart::kTimeAxisPx},
                       picture.scale);
    picture.plots.push_back(plot);
    return picture;
}

/// Marks of the whole run, faults among them; their words as far as they don't meet.
void TopologyStrip::addMarks(chart::Scene& scene, const QRectF& place,
                             const chart::TimeScale& scale) const {
    double free = place.left();
    for (const recording::Mark& mark : m_model->recording->marks) {
        if (mark.track || !scale.range.contains(mark.timeNs)) {
            continue;
        }
        const double x = std::floor(scale.xOf(mark.timeNs)) + 0.5;
        scene.add(
            chart::Line{{QPointF(x, place.top()), QPointF(x, place.bottom())}, {Role::Warning}, 1});
        const QString text = QString::fromUtf8(m_model->recording->strings.text(mark.name));
        const double width = chart::widthOf(text, chart::Font::Small) + 4;
        if (x >= free && x + 3 + width <= place.right()) {
            scene.add(chart::Text{{x + 3, place.bottom() - kMarksPx, width, kMarksPx},
                                  text,
                                  chart::Font::Small,
                                  {Role::Warning}});
            free = x + 3 + width + 6;
        }
    }
}

QString TopologyStrip::toolTipAt(QPointF position) {
    const chart::Picture& shown = picture();
    if (!m_model || shown.plots.empty() || position.x() < shown.plots.front().left()) {
        return {};
    }
    const Nanoseconds time = shown.scale.timeAt(position.x());
    QStringList lines{tr("%1: %2 ready, %3 unacked")
                          .arg(durationText(time))
                          .arg(m_model->ready.at(time))
                          .arg(m_model->held.at(time))};
    for (const recording::Mark& mark : m_model->recording->marks) {
        if (!mark.track && std::abs(shown.scale.xOf(mark.timeNs) - position.x()) < 4) {
            lines << QString::fromUtf8(m_model->recording->strings.text(mark.name));
        }
    }
    return lines.join(u'\n');
}

void TopologyStrip::moveTo(QPointF position) {
    const chart::TimeScale& scale = picture().scale;
    state().setMomentNs(scale.timeAt(std::clamp(position.x(), scale.leftPx, scale.rightPx())));
}

void TopologyStrip::mousePressEvent(QMouseEvent* event) {
    m_isScrubbing = event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier &&
                    m_model && !m_model->isEmpty();
    if (m_isScrubbing) {
        moveTo(event->position());
    } else {
        SceneView::mousePressEvent(event);
    }
}

void TopologyStrip::mouseMoveEvent(QMouseEvent* event) {
    if (m_isScrubbing) {
        moveTo(event->position());
    } else {
        SceneView::mouseMoveEvent(event);
    }
}

void TopologyStrip::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_isScrubbing) {
        SceneView::mouseReleaseEvent(event);
    }
    m_isScrubbing = false;
}

} // namespace interleave::ui
