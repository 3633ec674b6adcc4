// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_summary.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace interleave::ui {

namespace {

using chart::Box;
using chart::Font;
using chart::Ink;
using chart::inkOf;
using chart::Role;
using chart::Scene;
using chart::Text;

constexpr double kRowPx = 21;
constexpr double kPadPx = 10;

QString knownText(const std::optional<Nanoseconds>& ns) {
    return ns ? durationText(*ns) : QStringLiteral("–");
}

QString percent(double share) {
    return QStringLiteral("%1 %").arg(qRound(100 * share));
}

struct Column {
    QString title;
    double weight;
    QString (*value)(const LockRow&);
};

QString handoversOf(const LockRow& row) {
    const analysis::LockStatistics& lock = row.statistics;
    return lock.forcedHandoffs == 0
               ? QString::number(lock.handoffs)
               : tr("%1 (%2 forced)").arg(lock.handoffs).arg(lock.forcedHandoffs);
}

QString longestOf(const LockRow& row) {
    return row.longestHoldNs == 0
               ? QStringLiteral("–")
               : QStringLiteral("%1, %2").arg(QString::fromStdString(row.longestHolder),
                                              durationText(row.longestHoldNs));
}

QString fairnessOf(const LockRow& row) {
    const auto& fairness = row.statistics.fairnessJain;
    return fairness ? QString::number(*fairness, 'f', 2) : QStringLiteral("–");
}

using Row = const LockRow&;

const std::vector<Column>& columns() {
    static const std::vector<Column> all{
        {tr("taken"), 0.8, [](Row row) { return QString::number(row.statistics.holds); }},
        {tr("contended"), 0.9, [](Row row) { return percent(row.contendedShare()); }},
        {tr("held"), 0.9, [](Row row) { return durationText(row.statistics.holdNs); }},
        {tr("hold p50"), 0.9, [](Row row) { return knownText(row.statistics.holdP50Ns); }},
        {tr("waited"), 0.9, [](Row row) { return durationText(row.statistics.waitNs); }},
        {tr("wait p50"), 0.9, [](Row row) { return knownText(row.statistics.waitP50Ns); }},
        {tr("p99"), 0.9, [](Row row) { return knownText(row.statistics.waitP99Ns); }},
        {tr("max"), 0.9, [](Row row) { return knownText(row.waitMaximumNs); }},
        {tr("longest holder"), 1.7, longestOf},
        {tr("hand-overs"), 1.4, handoversOf},
        {tr("fairness"), 0.8, fairnessOf},
    };
    return all;
}

void addCells(Scene& scene, const QRectF& line, double firstPx, const Ink& ink, Font font,
              const std::function<QString(const Column&)>& textOf) {
    double weights = 0;
    for (const Column& column : columns()) {
        weights += column.weight;
    }
    double left = line.left() + firstPx;
    const double unit = (line.width() - firstPx - kPadPx) / weights;
    for (const Column& column : columns()) {
        const double width = unit * column.weight;
        scene.add(Text{{left + 4, line.top(), std::max(0.0, width - 4), line.height()},
                       textOf(column),
                       font,
                       ink,
                       Qt::AlignRight | Qt::AlignVCenter});
        left += width;
    }
}

/// The chosen lock stays in sight, however many are waited for longer.
std::vector<std::size_t> tableRows(const ContentionModel& model) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < std::min(model.locks.size(), kMostTableRows); ++i) {
        rows.push_back(i);
    }
    if (!rows.empty() && model.chosen >= kMostTableRows) {
        rows.back() = model.chosen;
    }
    return rows;
}

/// One unit for all numbers of a table: the largest has at most four digits before the point.
struct Unit {
    double ns;
    QString name;
};

Unit unitFor(Nanoseconds largest) {
    if (largest >= 10'000'000'000) {
        return {1e9, QStringLiteral("s")};
    }
    if (largest >= 100'000) {
        return {1e6, QStringLiteral("ms")};
    }
    return largest >= 100 ? Unit{1e3, QStringLiteral("µs")} : Unit{1, QStringLiteral("ns")};
}

QString numberIn(const Unit& unit, Nanoseconds ns) {
    const double value = static_cast<double>(ns) / unit.ns;
    return QString::number(value, 'f', value < 9.95 ? 1 : 0);
}

/// Histograms drawn over one range of durations, so that waits and holds can be compared.
struct LogAxis {
    double firstNs = 1;
    double lastNs = 10;
    QRectF plot;

    double xOf(double ns) const {
        return plot.left() + plot.width() * std::log(ns / firstNs) / std::log(lastNs / firstNs);
    }
};

void addHistogram(Scene& scene, const QRectF& place, const analysis::Histogram& histogram,
                  LogAxis axis, const chart::PanelText& text, const Ink& ink) {
    chart::addHeading(scene, {place.left(), place.top(), place.width(), chart::kHeadingPx}, text);
    axis.plot = {place.left() + 34, place.top() + chart::kHeadingPx, place.width() - 40,
                 place.height() - chart::kHeadingPx - 18};
    if (axis.plot.height() < 12 || axis.plot.width() < 40) {
        return;
    }
    scene.add(Box{axis.plot, {Role::Panel}, {}, false});
    if (histogram.total == 0) {
        chart::addReason(scene, axis.plot, tr("none"));
        return;
    }
    const auto most =
        static_cast<double>(*std::max_element(histogram.count.begin(), histogram.count.end()));
    chart::addValueAxis(scene, axis.plot, 34, {most, {}, true, 0});
    for (double ns = axis.firstNs; ns <= axis.lastNs * 1.001; ns *= 10) {
        const double x = axis.xOf(ns);
        scene.add(chart::Line{{QPointF(x, axis.plot.top()), QPointF(x, axis.plot.bottom())},
                              {Role::Grid}});
        const double left = std::clamp(x - 30, axis.plot.left() - 20, place.right() - 60);
        scene.add(Text{{left, axis.plot.bottom() + 2, 60, 14},
                       chart::formatRound(ns),
                       Font::Small,
                       {Role::Muted},
                       Qt::AlignCenter});
    }
    for (std::size_t i = 0; i < histogram.count.size(); ++i) {
        const double height = axis.plot.height() * static_cast<double>(histogram.count[i]) / most;
        const double left = axis.xOf(histogram.edgeNs[i]);
        const double width = axis.xOf(histogram.edgeNs[i + 1]) - left - 1;
        if (height > 0 && width > 0) {
            scene.add(Box{{left, axis.plot.bottom() - height, width, height}, ink, {}, true});
        }
    }
}

chart::PanelText histogramText(const QString& title, const analysis::Histogram& histogram) {
    return {title,
            {},
            histogram.total == 0 ? QString()
                                 : tr("p50 %1 · p99 %2 · max %3")
                                       .arg(knownText(histogram.p50Ns), knownText(histogram.p99Ns),
                                            knownText(histogram.maximumNs))};
}

void addKey(Scene& scene, QPointF at, const Ink& ink, const QString& text, double& x) {
    scene.add(Box{{x, at.y() + 5, 12, 11}, ink, {}, true});
    const double width = chart::widthOf(text, Font::Small) + 4;
    scene.add(Text{{x + 16, at.y(), width, 21}, text, Font::Small, {Role::Muted}});
    x += 16 + width + 12;
}

} // namespace

State waitStateOf(const ContentionModel& model) {
    return model.row().statistics.kind == "gil" ? State::WaitingGil : State::WaitingLock;
}

Scene noLockScene(QSizeF size) {
    Scene scene;
    scene.size = size;
    chart::addEmptyState(scene, tr("No lock was used in this run"),
                         tr("Run the scenario under gil-threads to see the interpreter lock go "
                            "round, or run the scenario One lock to see a critical section that "
                            "is too long."));
    return scene;
}

double lockTableHeight(const ContentionModel& model) {
    const auto rows = static_cast<double>(tableRows(model).size());
    const bool hasMore = model.locks.size() > kMostTableRows;
    return kRowPx * (rows + 1) + (hasMore ? kRowPx : 0) + 4;
}

std::vector<PlacedLock> addLockTable(Scene& scene, const QRectF& place,
                                     const ContentionModel& model) {
    const double namePx = std::min(168.0, place.width() * 0.2);
    QRectF line(place.left(), place.top(), place.width(), kRowPx);
    scene.add(chart::Line{{line.bottomLeft(), line.bottomRight()}, {Role::Grid}});
    scene.add(Text{line.adjusted(kPadPx, 0, 0, 0), tr("Lock"), Font::Small, {Role::Muted}});
    addCells(scene, line, namePx, {Role::Muted}, Font::Small,
             [](const Column& column) { return column.title; });
    std::vector<PlacedLock> placed;
    for (const std::size_t index : tableRows(model)) {
        const LockRow& row = model.locks[index];
        line.translate(0, kRowPx);
        const bool isChosen = index == model.chosen;
        if (isChosen && model.locks.size() > 1) {
            scene.add(Box{line, {Role::Header}, {}, false});
            scene.add(Box{{line.left(), line.top(), 3, line.height()}, {Role::Accent}, {}, false});
        }
        const QString name = QString::fromStdString(row.statistics.name);
        const QString kind = QString::fromStdString(row.statistics.kind);
        scene.add(Text{{line.left() + kPadPx, line.top(), namePx - kPadPx, kRowPx},
                       name.compare(kind, Qt::CaseInsensitive) == 0
                           ? name
                           : QStringLiteral("%1  (%2)").arg(name, kind),
                       isChosen ? Font::Strong : Font::Body,
                       {Role::Text}});
        addCells(scene, line, namePx, {Role::Text}, Font::Body,
                 [&](const Column& column) { return column.value(row); });
        placed.push_back({line, row.statistics.object});
    }
    if (model.locks.size() > kMostTableRows) {
        line.translate(0, kRowPx);
        scene.add(Text{line.adjusted(kPadPx, 0, 0, 0),
                       tr("and %1 more that were waited for less; choose one above")
                           .arg(model.locks.size() - kMostTableRows),
                       Font::Small,
                       {Role::Muted}});
    }
    return placed;
}

QRectF addWaitMatrix(Scene& scene, const QRectF& place, const ContentionModel& model) {
    const analysis::WaitMatrix& matrix = model.matrix;
    Nanoseconds largest = 0;
    for (const auto& row : matrix.waitNs) {
        largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    }
    const Unit unit = unitFor(largest);
    chart::addHeading(scene, {place.left(), place.top(), place.width(), chart::kHeadingPx},
                      {tr("Who made whom wait"), largest > 0 ? unit.name : QString(),
                       tr("row waited while column held")});
    const auto count = static_cast<double>(matrix.labels.size());
    const double headerPx = 16, labelPx = std::min(112.0, place.width() * 0.3);
    QRectF cells(place.left() + labelPx, place.top() + chart::kHeadingPx + headerPx,
                 place.width() - labelPx, place.height() - chart::kHeadingPx - headerPx);
    if (largest == 0 || cells.height() < 20) {
        chart::addReason(scene, {place.left(), place.top() + chart::kHeadingPx, place.width(), 40},
                         tr("Nobody waited for it."));
        return {};
    }
    const double width = std::min(64.0, std::floor(cells.width() / count));
    const double height = std::min(24.0, std::floor(cells.height() / count));
    cells.setSize({width * count, height * count});
    const bool hasText = height >= 11;
    for (std::size_t row = 0; row < matrix.labels.size(); ++row) {
        const double top = cells.top() + static_cast<double>(row) * height;
        const double left = cells.left() + static_cast<double>(row) * width;
        const QString number = QString::number(row + 1);
        if (hasText) {
            scene.add(Text{
                {place.left(), top, labelPx - 6, height},
                QStringLiteral("%1  %2").arg(number, QString::fromStdString(matrix.labels[row])),
                Font::Small,
                {Role::Text},
                Qt::AlignRight | Qt::AlignVCenter});
        }
        if (width >= 15) {
            scene.add(Text{{left, cells.top() - headerPx, width, headerPx},
                           number,
                           Font::Small,
                           {Role::Muted},
                           Qt::AlignCenter});
        }
        for (std::size_t column = 0; column < matrix.labels.size(); ++column) {
            const Nanoseconds waited = matrix.waitNs[row][column];
            const QString text = waited > 0 ? numberIn(unit, waited) : QString();
            const bool fits = hasText && chart::widthOf(text, Font::Small) + 8 <= width;
            const int heat = waited == 0 ? 0
                                         : 8 + static_cast<int>(82 * static_cast<double>(waited) /
                                                                static_cast<double>(largest));
            const QRectF cell(cells.left() + static_cast<double>(column) * width, top, width - 1,
                              height - 1);
            const Ink ink = heat == 0 ? Ink{Role::Header} : Ink{Role::Heat, heat};
            scene.add(Box{cell, ink, fits ? text : QString(), false});
        }
    }
    return cells;
}

void addHistograms(Scene& scene, const QRectF& place, const ContentionModel& model) {
    const analysis::Histogram& waits = model.contention.waitHistogram;
    const analysis::Histogram& holds = model.contention.holdHistogram;
    LogAxis axis{1e9, 0, {}};
    for (const analysis::Histogram* histogram : {&waits, &holds}) {
        if (!histogram->edgeNs.empty()) {
            axis.firstNs = std::min(axis.firstNs, histogram->edgeNs.front());
            axis.lastNs = std::max(axis.lastNs, histogram->edgeNs.back());
        }
    }
    const double height = std::floor((place.height() - 8) / 2);
    addHistogram(scene, {place.left(), place.top(), place.width(), height}, waits, axis,
                 histogramText(tr("Waits"), waits), inkOf(waitStateOf(model)));
    addHistogram(scene, {place.left(), place.top() + height + 8, place.width(), height}, holds,
                 axis, histogramText(tr("Holds"), holds), {Role::Holder, 0});
}

void addShares(Scene& scene, const QRectF& place, const recording::Recording& recording,
               const ContentionModel& model) {
    chart::addHeading(scene, {place.left(), place.top(), place.width(), chart::kHeadingPx},
                      {tr("Each thread's time"), {}, {}});
    double x = place.left();
    const QPointF keys(place.left(), place.top() + chart::kHeadingPx - 2);
    addKey(scene, keys, {Role::Holder, 0}, tr("holds"), x);
    addKey(scene, keys, inkOf(waitStateOf(model)), tr("waits"), x);
    addKey(scene, keys, {Role::Header}, tr("neither"), x);
    const auto& shares = model.contention.shares;
    const double top = keys.y() + 24;
    const double rowPx = 20;
    const auto room =
        static_cast<std::size_t>(std::max(0.0, std::floor((place.bottom() - top) / rowPx)));
    const bool isCut = shares.size() > room;
    const std::size_t shown = isCut ? std::max<std::size_t>(room, 1) - 1 : shares.size();
    const double namePx = std::min(96.0, place.width() * 0.3);
    for (std::size_t i = 0; i < shown; ++i) {
        const analysis::WorkerShare& share = shares[i];
        const double y = top + static_cast<double>(i) * rowPx;
        scene.add(Text{{place.left(), y, namePx - 6, rowPx - 3},
                       QString::fromStdString(recording.worker(share.worker).name),
                       Font::Small,
                       {Role::Text}});
        double left = place.left() + namePx;
        const auto put = [&](double part, const Ink& ink) {
            const double width = (place.right() - 6 - place.left() - namePx) * part;
            const QString text = percent(part);
            const bool fits = chart::widthOf(text, Font::Small) + 10 <= width;
            if (width > 0.5) {
                scene.add(Box{{left, y, width, rowPx - 4}, ink, fits ? text : QString(), true});
            }
            left += width;
        };
        put(share.hold, {Role::Holder, 0});
        put(share.wait, inkOf(waitStateOf(model)));
        put(share.neither, {Role::Header});
    }
    if (isCut && room > 0) {
        scene.add(Text{{place.left(), top + static_cast<double>(shown) * rowPx, place.width(), 16},
                       tr("and %1 more").arg(shares.size() - shown),
                       Font::Small,
                       {Role::Muted}});
    }
}

} // namespace interleave::ui
