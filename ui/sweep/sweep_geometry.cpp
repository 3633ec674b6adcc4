// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sweep/sweep_geometry.h"

#include "ui/chart/annotations.h"
#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace interleave::ui {

namespace {

using analysis::Sweep;
using analysis::SweepCell;
using analysis::SweepCrossing;
using analysis::SweepPoint;
using chart::Font;
using chart::Line;
using chart::Role;
using chart::Text;

constexpr double kMarginPx = 12;
constexpr double kValueGutterPx = 52;
constexpr double kTickLinePx = 20;
constexpr double kNamePx = 16; // of a curve, at its end
constexpr std::array kShapes{chart::Shape::Disc, chart::Shape::Square, chart::Shape::Diamond,
                             chart::Shape::Triangle};

QString nameOf(const Sweep& sweep, std::size_t model) {
    return QString::fromStdString(sweep.models[model]);
}

QString keyText(const Sweep& sweep) {
    return QString::fromStdString(sweep.key).replace(u'_', u' ');
}

/// The stretches of a curve without a gap: points at which the model has runs.
std::vector<std::vector<const SweepPoint*>> stretchesOf(const Sweep& sweep, std::size_t model) {
    std::vector<std::vector<const SweepPoint*>> stretches;
    bool isOpen = false;
    for (const SweepPoint& point : sweep.points) {
        const bool hasRuns = model < point.cells.size() && point.cells[model].runs > 0;
        if (hasRuns && !isOpen) {
            stretches.emplace_back();
        }
        if (hasRuns) {
            stretches.back().push_back(&point);
        }
        isOpen = hasRuns;
    }
    return stretches;
}

class ChartBuilder {
public:
    ChartBuilder(chart::Scene& scene, const Sweep& sweep, const SweepChart& chart)
        : m_scene(scene)
        , m_sweep(sweep)
        , m_chart(chart)
        , m_axes(chart.axes) {}

    void addAxes() {
        const QRectF& plot = m_axes.plot;
        m_scene.add(chart::Box{plot, {Role::Panel}});
        chart::addValueAxis(
            m_scene, plot, kValueGutterPx,
            {.maximum = m_axes.mostS * m_axes.unit.perSecond, .unit = {}, .isWhole = false});
        double free = -1e9;
        for (const SweepPoint& point : m_sweep.points) {
            const double x = m_axes.xOf(point.x);
            m_scene.add(
                Line{{QPointF(x, plot.top()), QPointF(x, plot.bottom() + 4)}, {Role::Grid}});
            const QString text = QString::fromStdString(point.text);
            const double width = chart::widthOf(text, Font::Small) + 6;
            if (x - width / 2 >= free) {
                m_scene.add(Text{{x - width / 2, plot.bottom() + 4, width, kTickLinePx - 4},
                                 text,
                                 Font::Small,
                                 {Role::Muted},
                                 Qt::AlignCenter});
                free = x + width / 2;
            }
        }
    }

    /// For each value the least that any of the chart's models could reach.
    void addBound() {
        QPolygonF bound;
        for (const SweepPoint& point : m_sweep.points) {
            double least = std::numeric_limits<double>::max();
            for (const std::size_t model : m_chart.models) {
                const SweepCell& cell = point.cells[model];
                least = std::min(least, cell.runs > 0 ? cell.boundS : least);
            }
            if (least < std::numeric_limits<double>::max()) {
                bound << QPointF(m_axes.xOf(point.x), m_axes.yOf(least));
            }
        }
        if (bound.size() < 2) {
            return;
        }
        QPolygonF below = bound;
        below << QPointF(bound.back().x(), m_axes.plot.bottom())
              << QPointF(bound.front().x(), m_axes.plot.bottom());
        m_scene.add(chart::Area{below, {Role::Header, 0, Hatch::Dots}});
        m_scene.add(Line{bound, {Role::Muted}, 1.5, true, true});
        m_names.push_back({bound.back(), tr("bound of theory"), {Role::Muted}});
    }

    void addBand(std::size_t model, int colour) {
        for (const auto& stretch : stretchesOf(m_sweep, model)) {
            QPolygonF band;
            for (const SweepPoint* point : stretch) {
                band << QPointF(m_axes.xOf(point->x),
                                m_axes.yOf(point->cells[model].makespanS.maximum));
            }
            for (auto it = stretch.rbegin(); it != stretch.rend(); ++it) {
                band << QPointF(m_axes.xOf((*it)->x),
                                m_axes.yOf((*it)->cells[model].makespanS.minimum));
            }
            if (stretch.size() > 1) {
                m_scene.add(chart::Area{std::move(band), {Role::Band, colour}});
            }
        }
    }

    /// `isOther`: of a model that the chart is not about, only for comparison.
    void addCurve(std::size_t model, int colour, bool isOther) {
        const chart::Ink ink = isOther ? chart::Ink{Role::Grid} : chart::Ink{Role::Curve, colour};
        const auto stretches = stretchesOf(m_sweep, model);
        for (const auto& stretch : stretches) {
            QPolygonF points;
            for (const SweepPoint* point : stretch) {
                points << at(*point, model);
            }
            if (points.size() > 1) {
                m_scene.add(Line{points, ink, isOther ? 1.2 : 2.2, false, true});
            }
            for (const QPointF& point : points) {
                if (!isOther) {
                    addDot(point, colour);
                }
            }
        }
        if (!isOther && !stretches.empty()) {
            const SweepPoint& last = *stretches.back().back();
            m_names.push_back({at(last, model), nameOf(m_sweep, model), ink, colour});
        }
    }

    /// Beside the ends of the curves, moved apart where these come close.
    void addNames(double rightPx) {
        std::ranges::stable_sort(m_names, {}, [](const Name& name) { return name.end.y(); });
        std::vector<double> tops;
        for (const Name& name : m_names) {
            const double wanted = name.end.y() - kNamePx / 2;
            tops.push_back(tops.empty() ? wanted : std::max(wanted, tops.back() + kNamePx));
        }
        double lowest = m_axes.plot.bottom() - kNamePx;
        for (std::size_t i = tops.size(); i-- > 0;) {
            tops[i] = std::min(tops[i], lowest);
            lowest = tops[i] - kNamePx;
        }
        const double left = m_axes.plot.right() + 10;
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const Name& name = m_names[i];
            const double middle = tops[i] + kNamePx / 2;
            if (std::abs(middle - name.end.y()) > 3 || name.end.x() < m_axes.plot.right() - 1) {
                m_scene.add(Line{{name.end + QPointF(6, 0), QPointF(left - 1, middle)},
                                 {Role::Grid},
                                 1,
                                 false,
                                 true});
            }
            if (name.colour >= 0) {
                addDot({left + 5, middle}, name.colour);
            }
            m_scene.add(Text{{left + 14, tops[i], rightPx - left - 14, kNamePx},
                             name.text,
                             Font::Small,
                             {Role::Text}});
        }
    }

    void addCrossings(double namesTopPx, bool isNamed) {
        std::vector<chart::Mark> marks;
        for (const SweepCrossing& crossing : m_sweep.crossings) {
            const auto isShown = [&](std::size_t model) {
                return std::ranges::find(m_chart.models, model) != m_chart.models.end();
            };
            if (!isShown(crossing.from) && !isShown(crossing.to)) {
                continue;
            }
            const double x = m_axes.xOf(crossing.x);
            if (isNamed) {
                marks.push_back({x, crossingName(crossing), {Role::Text}, !crossing.isClear});
            } else {
                m_scene.add(Line{{QPointF(x, m_axes.plot.top()), QPointF(x, m_axes.plot.bottom())},
                                 {Role::Text},
                                 1.5,
                                 !crossing.isClear});
            }
        }
        chart::addMarks(m_scene,
                        {m_axes.plot.left(), namesTopPx, m_axes.plot.width(),
                         m_axes.plot.bottom() - namesTopPx},
                        std::move(marks));
    }

    QString crossingName(const SweepCrossing& crossing) const {
        const QString sentence =
            tr("%1 %2 begins to win over %3")
                .arg(placeText(m_sweep, crossing), nameOf(m_sweep, crossing.to),
                     nameOf(m_sweep, crossing.from));
        return crossing.isClear ? sentence : sentence + tr(" (too close there to be certain)");
    }

private:
    struct Name {
        QPointF end; // of the curve
        QString text;
        chart::Ink ink;
        int colour = -1;
    };

    QPointF at(const SweepPoint& point, std::size_t model) const {
        return {m_axes.xOf(point.x), m_axes.yOf(point.cells[model].makespanS.median)};
    }

    void addDot(QPointF centre, int colour) {
        m_scene.add(chart::Dot{centre,
                               4,
                               {Role::Curve, colour},
                               kShapes[static_cast<std::size_t>(colour) % kShapes.size()]});
    }

    chart::Scene& m_scene;
    const Sweep& m_sweep;
    const SweepChart& m_chart;
    const SweepAxes& m_axes;
    std::vector<Name> m_names;
};

std::vector<std::size_t> allModels(const Sweep& sweep) {
    std::vector<std::size_t> models(sweep.models.size());
    std::iota(models.begin(), models.end(), std::size_t{0});
    return models;
}

QString spreadHint(const Sweep& sweep) {
    std::size_t least = std::numeric_limits<std::size_t>::max();
    std::size_t most = 0;
    for (const SweepPoint& point : sweep.points) {
        for (const SweepCell& cell : point.cells) {
            if (cell.runs > 0) {
                least = std::min(least, cell.runs);
                most = std::max(most, cell.runs);
            }
        }
    }
    if (most <= 1) {
        return tr("one run at each point: its spread is not known");
    }
    const QString runs =
        least == most ? QString::number(most) : QStringLiteral("%1–%2").arg(least).arg(most);
    return tr("median of %1 runs at each point; the band goes from the shortest to the longest")
        .arg(runs);
}

void addFrame(chart::Scene& scene, const Sweep& sweep, const SweepAxes& axes) {
    const double width = scene.size.width() - 2 * kMarginPx;
    chart::addHeading(scene, {kMarginPx, 4, width, chart::kHeadingPx},
                      {tr("Total time"), axes.unit.name,
                       spreadHint(sweep) + tr("; dotted: shorter than theory allows")});
    const QString key =
        keyText(sweep) + (axes.isLogarithmic ? tr(" (each step a factor)") : QString());
    scene.add(Text{{kMarginPx, scene.size.height() - 20, width, 18},
                   key,
                   Font::Strong,
                   {Role::Text},
                   Qt::AlignCenter});
}

double namesWidth(const Sweep& sweep) {
    double width = chart::widthOf(tr("bound of theory"), Font::Small);
    for (std::size_t i = 0; i < sweep.models.size(); ++i) {
        width = std::max(width, chart::widthOf(nameOf(sweep, i), Font::Small));
    }
    return width + 30;
}

void addOneChart(SweepPicture& picture, const Sweep& sweep) {
    const QSizeF size = picture.scene.size;
    const double namesTop = 4 + chart::kHeadingPx;
    const double top = namesTop + chart::marksHeight(sweep.crossings.size()) + 4;
    const double left = kMarginPx + kValueGutterPx;
    const double right = size.width() - kMarginPx - namesWidth(sweep);
    const double bottom = size.height() - 20 - kTickLinePx;
    picture.charts.push_back(
        {sweepAxes(sweep, {left, top, right - left, bottom - top}), allModels(sweep)});
    const SweepChart& chart = picture.charts.back();
    addFrame(picture.scene, sweep, chart.axes);
    ChartBuilder builder(picture.scene, sweep, chart);
    builder.addAxes();
    builder.addBound();
    for (const std::size_t model : chart.models) {
        builder.addBand(model, static_cast<int>(model));
    }
    builder.addCrossings(namesTop, true);
    for (const std::size_t model : chart.models) {
        builder.addCurve(model, static_cast<int>(model), false);
    }
    builder.addNames(size.width() - kMarginPx);
}

/// The sentences about crossings, which have no room in small charts. Returns their height.
double addSentences(chart::Scene& scene, const Sweep& sweep, double bottom) {
    constexpr double kLinePx = 16;
    const double height = kLinePx * static_cast<double>(sweep.crossings.size());
    double top = bottom - height;
    const SweepChart none{sweepAxes(sweep, {}), {}};
    const ChartBuilder words(scene, sweep, none);
    for (const SweepCrossing& crossing : sweep.crossings) {
        scene.add(Text{{kMarginPx, top, scene.size.width() - 2 * kMarginPx, kLinePx},
                       words.crossingName(crossing),
                       Font::Small,
                       {Role::Text}});
        top += kLinePx;
    }
    return height;
}

void addSmallCharts(SweepPicture& picture, const Sweep& sweep) {
    const QSizeF size = picture.scene.size;
    const std::size_t count = sweep.models.size();
    const std::size_t columns = count <= 6 ? 3 : count <= 12 ? 4 : 5;
    const std::size_t rows = (count + columns - 1) / columns;
    const double top = 4 + chart::kHeadingPx;
    const double bottom = size.height() - 22;
    const double words = addSentences(picture.scene, sweep, bottom);
    const double cellWidth = (size.width() - 2 * kMarginPx) / static_cast<double>(columns);
    const double cellHeight = (bottom - words - 4 - top) / static_cast<double>(rows);
    for (std::size_t i = 0; i < count; ++i) {
        const QRectF cell(kMarginPx + static_cast<double>(i % columns) * cellWidth,
                          top + static_cast<double>(i / columns) * cellHeight, cellWidth,
                          cellHeight);
        const QRectF plot(cell.left() + kValueGutterPx, cell.top() + chart::kHeadingPx,
                          cell.width() - kValueGutterPx - 18,
                          cell.height() - chart::kHeadingPx - kTickLinePx - 4);
        picture.charts.push_back({sweepAxes(sweep, plot), {i}});
    }
    addFrame(picture.scene, sweep, picture.charts.front().axes);
    for (const SweepChart& chart : picture.charts) {
        const std::size_t own = chart.models.front();
        const QRectF& plot = chart.axes.plot;
        picture.scene.add(
            Text{{plot.left(), plot.top() - chart::kHeadingPx, plot.width(), chart::kHeadingPx},
                 nameOf(sweep, own),
                 Font::Strong,
                 {Role::Text}});
        ChartBuilder builder(picture.scene, sweep, chart);
        builder.addAxes();
        builder.addBound();
        for (const std::size_t model : allModels(sweep)) {
            if (model != own) {
                builder.addCurve(model, 0, true);
            }
        }
        builder.addBand(own, 0);
        builder.addCrossings(plot.top(), false);
        builder.addCurve(own, 0, false);
    }
}

} // namespace

SweepPicture sweepPicture(const Sweep& sweep, QSizeF size) {
    SweepPicture picture;
    picture.scene.size = size;
    if (sweep.points.empty() || sweep.models.empty()) {
        chart::addEmptyState(picture.scene, tr("No run was made"),
                             tr("A sweep runs a scenario for several values of a parameter."));
    } else if (sweep.models.size() <= kMostSweepCurves) {
        addOneChart(picture, sweep);
    } else {
        addSmallCharts(picture, sweep);
    }
    return picture;
}

} // namespace interleave::ui
