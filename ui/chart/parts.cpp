// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/parts.h"

#include "ui/chart/scene_painter.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace interleave::chart {

namespace {

double binX(const QRectF& plot, std::size_t index, std::size_t count) {
    return plot.left() + plot.width() * static_cast<double>(index) / static_cast<double>(count);
}

double valueY(const QRectF& plot, double value, double maximum) {
    const double share = maximum > 0 ? std::clamp(value / maximum, 0.0, 1.0) : 0;
    return plot.bottom() - share * plot.height();
}

/// Goes on at height y from x to x; a level stretch is one line however many bins it spans.
void addStep(QPolygonF& points, double fromX, double toX, double y) {
    const qsizetype count = points.size();
    if (count > 1 && points[count - 1].y() == y && points[count - 2].y() == y) {
        points.removeLast();
    } else if (count == 0 || points.back().y() != y) {
        points << QPointF(fromX, y);
    }
    points << QPointF(toX, y);
}

/// A label in the widest run of bins where the layer is thick enough to carry it.
void addLayerLabel(Scene& scene, const QRectF& plot, const Layer& layer,
                   std::span<const double> below, double maximum) {
    constexpr double kThicknessPx = 15;
    const std::size_t count = layer.values.size();
    const double needed = widthOf(layer.name, Font::Small) + 8;
    double bestTop = 0, bestHeight = 0;
    std::size_t bestFirst = 0, bestLast = 0;
    for (std::size_t i = 0; i < count;) {
        double top = plot.top(), bottom = plot.bottom();
        std::size_t last = i;
        for (; last < count; ++last) {
            const double t = valueY(plot, below[last] + layer.values[last], maximum);
            const double b = valueY(plot, below[last], maximum);
            if (std::min(bottom, b) - std::max(top, t) < kThicknessPx) {
                break;
            }
            top = std::max(top, t);
            bottom = std::min(bottom, b);
        }
        if (last - i > bestLast - bestFirst) {
            bestFirst = i;
            bestLast = last;
            bestTop = top;
            bestHeight = bottom - top;
        }
        i = std::max(last, i + 1);
    }
    const double left = binX(plot, bestFirst, count);
    const double width = binX(plot, bestLast, count) - left;
    if (bestLast > bestFirst && width >= needed) {
        const QRectF place(left + 4, bestTop + bestHeight / 2 - 8, needed, 16);
        scene.add(Box{place, layer.ink, layer.name, false});
    }
}

/// Columns of one pixel: how much of each pixel every ink covers.
class Columns {
public:
    explicit Columns(const QRectF& strip)
        : m_strip(strip) {}

    void cover(double fromX, double toX, const StripSpan& span) {
        for (int column = static_cast<int>(std::floor(fromX)); column < toX; ++column) {
            const double left = std::max(fromX, static_cast<double>(column));
            const double right = std::min(toX, static_cast<double>(column) + 1);
            Column& shares = m_columns[column];
            addShare(shares, span.ink, std::max(right - left, 1e-6) * span.height);
        }
    }

    void emitTo(Scene& scene) {
        std::vector<Run> open;
        int previous = 0;
        for (auto& [column, shares] : m_columns) {
            std::sort(shares.begin(), shares.end(),
                      [](const Share& a, const Share& b) { return order(a.ink) < order(b.ink); });
            std::vector<Run> next = stacked(column, shares);
            if (!open.empty() && column == previous + 1 && isSame(open, next)) {
                for (Run& run : open) {
                    run.rect.setRight(static_cast<double>(column) + 1);
                }
            } else {
                flush(scene, open);
                open = std::move(next);
            }
            previous = column;
        }
        flush(scene, open);
    }

private:
    struct Share {
        Ink ink;
        double amount;
    };
    using Column = std::vector<Share>;
    struct Run {
        QRectF rect;
        Ink ink;
    };

    static int order(const Ink& ink) {
        return static_cast<int>(ink.role) * 4096 + ink.index * 16 + static_cast<int>(ink.hatch);
    }

    static void addShare(Column& shares, const Ink& ink, double amount) {
        for (Share& share : shares) {
            if (share.ink == ink) {
                share.amount += amount;
                return;
            }
        }
        shares.push_back({ink, amount});
    }

    std::vector<Run> stacked(int column, const Column& shares) const {
        std::vector<Run> runs;
        double sum = 0;
        for (const Share& share : shares) {
            sum += share.amount;
        }
        const double scale = sum > 1 ? 1 / sum : 1;
        // Something short that happened stays visible: at least one pixel, taken from the largest.
        std::vector<double> heights;
        double total = 0;
        for (const Share& share : shares) {
            heights.push_back(std::max(1.0, std::round(share.amount * scale * m_strip.height())));
            total += heights.back();
        }
        for (; total > m_strip.height(); --total) {
            const auto largest = std::ranges::max_element(heights);
            if (*largest <= 1) {
                break;
            }
            --*largest;
        }
        double bottom = m_strip.bottom();
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double height = std::min(heights[i], bottom - m_strip.top());
            if (height <= 0) {
                break;
            }
            const double left = std::max(static_cast<double>(column), m_strip.left());
            const double right = std::min(static_cast<double>(column) + 1, m_strip.right());
            const QRectF rect(QPointF(left, bottom - height), QPointF(right, bottom));
            runs.push_back({rect, shares[i].ink});
            bottom -= height;
        }
        return runs;
    }

    static bool isSame(const std::vector<Run>& a, const std::vector<Run>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Run& x, const Run& y) {
            return x.ink == y.ink && x.rect.top() == y.rect.top() &&
                   x.rect.height() == y.rect.height();
        });
    }

    static void flush(Scene& scene, std::vector<Run>& runs) {
        for (const Run& run : runs) {
            if (run.rect.width() > 0) {
                scene.add(Box{run.rect, run.ink, {}, false});
            }
        }
        runs.clear();
    }

    QRectF m_strip;
    std::map<int, Column> m_columns;
};

} // namespace

void addHeading(Scene& scene, const QRectF& line, const PanelText& text) {
    const QString title =
        text.unit.isEmpty() ? text.title : QStringLiteral("%1 (%2)").arg(text.title, text.unit);
    const double titleWidth = std::min(widthOf(title, Font::Strong) + 4, line.width());
    scene.add(Text{QRectF(line.left(), line.top(), titleWidth, line.height()),
                   title,
                   Font::Strong,
                   {Role::Text}});
    const double rest = line.width() - titleWidth - 8;
    if (!text.hint.isEmpty() && rest > 120) {
        scene.add(Text{QRectF(line.left() + titleWidth + 8, line.top(), rest, line.height()),
                       text.hint,
                       Font::Small,
                       {Role::Muted}});
    }
}

void addPlotBackground(Scene& scene, const QRectF& plot, const TimeScale& scale) {
    scene.add(Box{plot, {Role::Panel}, {}, false});
    for (const Tick& tick : timeTicks(scale)) {
        const double x = scale.xOf(static_cast<Nanoseconds>(tick.position));
        scene.add(Line{{QPointF(x, plot.top()), QPointF(x, plot.bottom())}, {Role::Grid}});
    }
}

void addTimeAxis(Scene& scene, const QRectF& line, const TimeScale& scale) {
    double free = line.left();
    for (const Tick& tick : timeTicks(scale)) {
        const double x = scale.xOf(static_cast<Nanoseconds>(tick.position));
        scene.add(Line{{QPointF(x, line.bottom() - 5), QPointF(x, line.bottom())}, {Role::Axis}});
        const double width = widthOf(tick.label, Font::Small) + 6;
        const double left = std::min(std::max(x - width / 2, line.left()), line.right() - width);
        if (left >= free) {
            scene.add(Text{QRectF(left, line.top(), width, line.height() - 5),
                           tick.label,
                           Font::Small,
                           {Role::Muted},
                           Qt::AlignCenter});
            free = left + width;
        }
    }
}

void addValueAxis(Scene& scene, const QRectF& plot, double gutterPx, const ValueAxis& axis) {
    for (const Tick& tick : valueTicks(axis.maximum, plot.height(), axis.isWhole)) {
        const double y = valueY(plot, tick.position, axis.maximum);
        scene.add(Line{{QPointF(plot.left(), y), QPointF(plot.right(), y)}, {Role::Grid}});
        const double top = std::clamp(y - 8, plot.top() - 4, plot.bottom() - 12);
        QString label = axis.unit == QStringLiteral("B") ? formatBytes(tick.position) : tick.label;
        if (axis.percentOf > 0) {
            label += QStringLiteral("  ·  %1 %").arg(qRound(100 * tick.position / axis.percentOf));
        }
        scene.add(Text{QRectF(plot.left() - gutterPx, top, gutterPx - 6, 16),
                       label,
                       Font::Small,
                       {Role::Muted},
                       Qt::AlignRight | Qt::AlignVCenter});
    }
}

void addReason(Scene& scene, const QRectF& plot, const QString& sentence) {
    scene.add(Text{plot.adjusted(12, 0, -12, 0),
                   sentence,
                   Font::Body,
                   {Role::Muted},
                   Qt::AlignLeft | Qt::AlignVCenter,
                   true});
}

void addEmptyState(Scene& scene, const QString& title, const QString& sentence) {
    const double width = std::min(460.0, scene.size.width() - 32);
    const double left = (scene.size.width() - width) / 2;
    const double top = std::max(16.0, scene.size.height() * 0.38 - 40);
    scene.add(Text{{left, top, width, 28}, title, Font::Title, {Role::Text}, Qt::AlignCenter});
    scene.add(Text{{left, top + 34, width, 60},
                   sentence,
                   Font::Body,
                   {Role::Muted},
                   Qt::AlignHCenter | Qt::AlignTop,
                   true});
}

void addStack(Scene& scene, const QRectF& plot, std::span<const Layer> layers, double maximum) {
    if (layers.empty() || layers.front().values.empty() || plot.isEmpty()) {
        return;
    }
    const std::size_t count = layers.front().values.size();
    std::vector<double> below(count, 0.0);
    std::vector<std::vector<double>> bases;
    for (const Layer& layer : layers) {
        QPolygonF outline;
        for (std::size_t i = 0; i < count; ++i) {
            const double y = valueY(plot, below[i] + layer.values[i], maximum);
            addStep(outline, binX(plot, i, count), binX(plot, i + 1, count), y);
        }
        for (std::size_t i = count; i-- > 0;) {
            const double y = valueY(plot, below[i], maximum);
            addStep(outline, binX(plot, i + 1, count), binX(plot, i, count), y);
        }
        scene.add(Area{std::move(outline), layer.ink});
        bases.push_back(below);
        std::transform(below.begin(), below.end(), layer.values.begin(), below.begin(),
                       std::plus<>());
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i].name.isEmpty()) {
            continue;
        }
        addLayerLabel(scene, plot, layers[i], bases[i], maximum);
    }
}

void addCurve(Scene& scene, const QRectF& plot, std::span<const double> values, double maximum,
              const Ink& ink, bool isDashed) {
    QPolygonF points;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double y = valueY(plot, values[i], maximum);
        addStep(points, binX(plot, i, values.size()), binX(plot, i + 1, values.size()), y);
    }
    if (!points.isEmpty()) {
        scene.add(Line{std::move(points), ink, 1.6, isDashed});
    }
}

void addStrip(Scene& scene, const QRectF& strip, const TimeScale& scale,
              std::span<const StripSpan> spans) {
    constexpr double kMergeBelowPx = 2;
    Columns columns(strip);
    std::vector<Box> boxes;
    for (const StripSpan& span : spans) {
        if (!span.range.overlaps(scale.range)) {
            continue;
        }
        const double from = scale.clampedX(span.range.beginNs);
        const double to = scale.clampedX(span.range.endNs);
        if (to - from < kMergeBelowPx) {
            columns.cover(from, std::max(to, from + 1e-6), span);
            continue;
        }
        const double height = strip.height() * span.height;
        boxes.push_back(Box{QRectF(from, strip.bottom() - height, to - from, height), span.ink,
                            span.label, to - from >= 3});
    }
    columns.emitTo(scene);
    for (Box& box : boxes) {
        scene.add(std::move(box));
    }
}

} // namespace interleave::chart
