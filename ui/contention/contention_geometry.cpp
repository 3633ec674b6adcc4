// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_geometry.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/contention/contention_summary.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace interleave::ui {

namespace {

using chart::Ink;
using chart::inkOf;
using chart::Role;
using recording::Recording;

constexpr double kGapPx = 10;
constexpr double kMarksPx = 9; // above the strip: how each hold began
constexpr double kStripPx = 30;
constexpr double kDepthPx = 46;
constexpr double kSummaryPx = 236;
constexpr double kTallestWaiterPx = 15;
constexpr double kLowestWaiterPx = 3;
constexpr std::size_t kMostArrows = 40;
constexpr std::size_t kMostMarks = 400;

QString nameOf(const Recording& recording, TaskId task, WorkerId worker) {
    if (task && task.value <= recording.tasks.size()) {
        return QString::fromStdString(recording.task(task).name);
    }
    if (worker && worker.value <= recording.workers.size()) {
        return QString::fromStdString(recording.worker(worker).name);
    }
    return tr("somebody");
}

/// Tasks that ever wait for the lock, those that wait longest if there is no room for all; in the
/// order of their numbers, so that rows keep their places while the view moves.
std::vector<TaskId> waitersOf(const analysis::LockContention& contention, std::size_t room) {
    std::map<TaskId, Nanoseconds> waited;
    for (const analysis::LockWait& wait : contention.waits) {
        waited[wait.task] += wait.range.durationNs();
    }
    std::vector<std::pair<Nanoseconds, TaskId>> order;
    for (const auto& [task, time] : waited) {
        order.emplace_back(-time, task);
    }
    std::ranges::sort(order);
    order.resize(std::min(order.size(), room));
    std::vector<TaskId> tasks;
    for (const auto& [time, task] : order) {
        tasks.push_back(task);
    }
    std::ranges::sort(tasks);
    return tasks;
}

std::size_t waiterCount(const analysis::LockContention& contention) {
    return waitersOf(contention, contention.waits.size()).size();
}

std::uint16_t deepest(const std::vector<analysis::Hold>& holds) {
    std::uint16_t depth = 0;
    for (const analysis::Hold& hold : holds) {
        depth = std::max(depth, hold.depth);
    }
    return depth;
}

class Builder {
public:
    Builder(const Recording& recording, const ContentionModel& model,
            const ContentionInputs& inputs)
        : m_recording(recording)
        , m_model(model)
        , m_inputs(inputs) {
        m_out.picture.scene.size = inputs.size;
        m_out.picture.scale = {inputs.visible, inputs.gutterPx,
                               std::max(0.0, inputs.size.width() - inputs.gutterPx)};
    }

    ContentionPicture build() {
        if (m_model.isEmpty() || m_inputs.visible.isEmpty() || scale().widthPx < 20) {
            return std::move(m_out);
        }
        const double tablePx = lockTableHeight(m_model);
        m_out.locks = addLockTable(scene(), {0, 0, m_inputs.size.width(), tablePx}, m_model);
        m_y = tablePx;
        chart::addTimeAxis(scene(), {scale().leftPx, m_y, scale().widthPx, chart::kTimeAxisPx},
                           scale());
        m_y += chart::kTimeAxisPx;
        addHolders();
        addWaiters();
        addArrows();
        addDepth();
        addSummary();
        return std::move(m_out);
    }

private:
    chart::Scene& scene() { return m_out.picture.scene; }
    const chart::TimeScale& scale() const { return m_out.picture.scale; }
    const analysis::LockContention& contention() const { return m_model.contention; }

    void heading(const chart::PanelText& text) {
        chart::addHeading(scene(), {10, m_y, m_inputs.size.width() - 20, chart::kHeadingPx}, text);
        m_y += chart::kHeadingPx;
    }

    void rowName(const QRectF& row, const QString& name) {
        scene().add(chart::Text{{10, row.top(), m_inputs.gutterPx - 16, row.height()}, name});
    }

    void addHolders() {
        const QString lock = QString::fromStdString(m_model.row().statistics.name);
        const QString hint =
            contention().offCore
                ? tr("Striped: held by somebody who is not on a core. Flag: the holder was made "
                     "to hand over.")
                : tr("Flag: the holder was made to hand over. Whether holders were on a core is "
                     "not known here.");
        heading({tr("Who holds %1").arg(lock), {}, hint});
        const QRectF marks(scale().leftPx, m_y, scale().widthPx, kMarksPx);
        const QRectF strip(scale().leftPx, m_y + kMarksPx, scale().widthPx, kStripPx);
        chart::addPlotBackground(scene(), strip, scale());
        rowName(strip, tr("holder"));
        const int permits = deepest(contention().holds) + 1;
        for (int permit = 0; permit < permits; ++permit) {
            const double height = strip.height() / permits;
            addHolderStrip({strip.left(), strip.top() + permit * height, strip.width(), height},
                           permit);
        }
        addBeginMarks(marks);
        m_out.holderStrip = strip;
        m_out.picture.plots.push_back(strip);
        m_y = strip.bottom();
    }

    void addHolderStrip(const QRectF& strip, int permit) {
        std::vector<chart::StripSpan> spans;
        int shade = 0;
        std::size_t off = 0;
        for (const analysis::Hold& hold : contention().holds) {
            if (hold.depth != permit) {
                continue;
            }
            shade = 1 - shade;
            if (hold.range.overlaps(m_inputs.visible)) {
                addHold(spans, hold, shade, off);
            }
        }
        chart::addStrip(scene(), strip, scale(), spans);
    }

    /// The hold in parts: on a core, off the core, on again. `off` walks along the off-core parts.
    void addHold(std::vector<chart::StripSpan>& spans, const analysis::Hold& hold, int shade,
                 std::size_t& off) {
        const QString label = nameOf(m_recording, hold.task, hold.worker);
        const std::size_t first = spans.size();
        Nanoseconds at = hold.range.beginNs;
        const auto put = [&](Nanoseconds end, Role role) {
            if (end > at) {
                spans.push_back({{at, end}, {role, shade}, {}, 1.0});
                at = end;
            }
        };
        static const std::vector<analysis::Hold> none;
        const auto& offCore = contention().offCore ? *contention().offCore : none;
        while (off < offCore.size() && offCore[off].range.endNs <= hold.range.beginNs) {
            ++off;
        }
        for (std::size_t i = off; i < offCore.size() && offCore[i].range.beginNs < hold.range.endNs;
             ++i) {
            if (offCore[i].task == hold.task && offCore[i].worker == hold.worker) {
                put(std::max(at, offCore[i].range.beginNs), Role::Holder);
                put(std::min(offCore[i].range.endNs, hold.range.endNs), Role::OffCore);
            }
        }
        put(hold.range.endNs, Role::Holder);
        // The name stands in the longest part.
        const auto longest =
            std::max_element(spans.begin() + static_cast<std::ptrdiff_t>(first), spans.end(),
                             [](const auto& a, const auto& b) {
                                 return a.range.durationNs() < b.range.durationNs();
                             });
        if (longest != spans.end()) {
            longest->label = label;
        }
    }

    void addBeginMarks(const QRectF& marks) {
        std::vector<double> places;
        for (const analysis::Hold& hold : contention().holds) {
            if (hold.cause == analysis::HoldCause::Forced &&
                m_inputs.visible.contains(hold.range.beginNs)) {
                places.push_back(std::floor(scale().xOf(hold.range.beginNs)));
            }
        }
        places.erase(std::unique(places.begin(), places.end()), places.end());
        if (places.size() > kMostMarks) {
            const QString text = tr("%1 forced hand-overs: zoom in to see each").arg(places.size());
            scene().add(chart::Text{
                marks.adjusted(0, -3, 0, 2), text, chart::Font::Small, {Role::Warning}});
            return;
        }
        for (const double x : places) {
            const double right = std::min(x + 7, marks.right());
            scene().add(
                chart::Area{QPolygonF{QPointF(x, marks.top()), QPointF(right, marks.top() + 3),
                                      QPointF(x, marks.top() + 6)},
                            {Role::Warning}});
            scene().add(chart::Line{{QPointF(x, marks.top()), QPointF(x, marks.bottom())},
                                    {Role::Warning}});
        }
    }

    void addWaiters() {
        const double rest = m_inputs.size.height() - m_y - kGapPx - chart::kHeadingPx - kDepthPx -
                            2 * kGapPx - kSummaryPx - chart::kHeadingPx;
        const std::size_t all = waiterCount(contention());
        if (all == 0) {
            const QRectF place(scale().leftPx, m_y, scale().widthPx, 28);
            chart::addReason(scene(), place, tr("Nobody ever waited for it."));
            m_y = place.bottom() + kGapPx;
            return;
        }
        const double height = std::clamp(std::floor(rest / static_cast<double>(all)),
                                         kLowestWaiterPx, kTallestWaiterPx);
        const auto room = static_cast<std::size_t>(std::max(1.0, std::floor(rest / height)));
        const std::vector<TaskId> tasks = waitersOf(contention(), room);
        std::map<TaskId, std::vector<chart::StripSpan>> rows;
        const Ink ink = inkOf(waitStateOf(m_model));
        for (const analysis::LockWait& wait : contention().waits) {
            rows[wait.task].push_back({wait.range, ink, {}, 1.0});
        }
        const QRectF plot(scale().leftPx, m_y + 2, scale().widthPx,
                          height * static_cast<double>(tasks.size()));
        chart::addPlotBackground(scene(), plot, scale());
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const QRectF row(plot.left(), plot.top() + static_cast<double>(i) * height,
                             plot.width(), height);
            const double inset = height > 6 ? 2 : 0;
            chart::addStrip(scene(), row.adjusted(0, inset, 0, 0), scale(), rows[tasks[i]]);
            if (height >= 12) {
                rowName(row, tr("%1 waits").arg(nameOf(m_recording, tasks[i], {})));
            }
            m_out.waiters.push_back({row, tasks[i]});
        }
        if (height < 12 || tasks.size() < all) {
            const QString text = tasks.size() < all
                                     ? tr("%1 of %2 tasks that wait").arg(tasks.size()).arg(all)
                                     : tr("%1 tasks that wait").arg(all);
            rowName({0, plot.top(), 1, 16}, text);
        }
        m_out.picture.plots.push_back(plot);
        m_y = plot.bottom() + kGapPx;
    }

    /// From the release to the next holder's row: who got it, and how long that took.
    void addArrows() {
        std::vector<const analysis::Handover*> shown;
        for (const analysis::Handover& handover : contention().handovers) {
            if (m_inputs.visible.contains(handover.from.timeNs) &&
                m_inputs.visible.contains(handover.to.timeNs)) {
                shown.push_back(&handover);
            }
        }
        if (shown.size() > kMostArrows ||
            static_cast<double>(shown.size()) * 24 > scale().widthPx) {
            return;
        }
        std::vector<chart::Text> labels;
        for (const analysis::Handover* handover : shown) {
            const auto row = std::ranges::find(m_out.waiters, handover->to.task, &WaiterRow::task);
            if (row == m_out.waiters.end()) {
                continue;
            }
            const Ink ink{handover->isForced ? Role::Warning : Role::Text};
            const QPointF from(scale().xOf(handover->from.timeNs), m_out.holderStrip.bottom());
            const QPointF to(scale().xOf(handover->to.timeNs), row->rect.center().y());
            scene().add(chart::Arrow{from, to, ink, true});
            const QString text = durationText(handover->latencyNs());
            const double width = chart::widthOf(text, chart::Font::Small) + 2;
            const QRectF place(to.x() + 7, row->rect.top() + 1, width, 13);
            if (row->rect.height() >= 12 && place.right() <= scale().rightPx() &&
                !isWaiting(handover->to.task, place)) {
                labels.push_back({place, text, chart::Font::Small, ink});
            }
        }
        for (const chart::Text& label : labels) { // over all arrows, or they would be crossed out
            scene().add(chart::Box{label.rect.adjusted(-2, 0, 1, 0), {Role::Panel}});
            scene().add(label);
        }
    }

    /// Whether the task's row has a bar where a label would stand.
    bool isWaiting(TaskId task, const QRectF& place) const {
        const TimeRange under{scale().timeAt(place.left()), scale().timeAt(place.right()) + 1};
        return std::ranges::any_of(contention().waits, [&](const analysis::LockWait& wait) {
            return wait.task == task && wait.range.overlaps(under);
        });
    }

    void addDepth() {
        heading({tr("Waiting at once"), tr("tasks"),
                 tr("A high plateau: the lock is the bottleneck.")});
        const QRectF plot(scale().leftPx, m_y, scale().widthPx, kDepthPx);
        chart::addPlotBackground(scene(), plot, scale());
        const double maximum = std::max(1.0, contention().waiters.maximum());
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx, {maximum, {}, true, 0});
        const analysis::Buckets buckets{
            m_inputs.visible, static_cast<std::size_t>(std::max(1.0, scale().widthPx / 2))};
        const std::vector<chart::Layer> layers{
            {{},
             inkOf(waitStateOf(m_model)),
             analysis::meanPerBucket(contention().waiters, buckets)}};
        chart::addStack(scene(), plot, layers, maximum);
        m_out.depthPlot = plot;
        m_out.picture.plots.push_back(plot);
        m_y = plot.bottom() + 2 * kGapPx;
    }

    void addSummary() {
        const double height = m_inputs.size.height() - m_y - kGapPx;
        const double width = m_inputs.size.width() - 20;
        if (height < 80) {
            return;
        }
        const double matrixPx = std::floor(width * 0.42), histogramPx = std::floor(width * 0.30);
        m_out.matrix = addWaitMatrix(scene(), {10, m_y, matrixPx - 24, height}, m_model);
        addHistograms(scene(), {10 + matrixPx, m_y, histogramPx - 24, height}, m_model);
        const double left = 10 + matrixPx + histogramPx;
        addShares(scene(), {left, m_y, width + 10 - left, height}, m_recording, m_model);
    }

    const Recording& m_recording;
    const ContentionModel& m_model;
    const ContentionInputs& m_inputs;
    ContentionPicture m_out;
    double m_y = 0;
};

QString matrixAt(const ContentionModel& model, const QRectF& cells, QPointF position) {
    const auto count = static_cast<double>(model.matrix.labels.size());
    const auto row =
        static_cast<std::size_t>((position.y() - cells.top()) / cells.height() * count);
    const auto column =
        static_cast<std::size_t>((position.x() - cells.left()) / cells.width() * count);
    if (row >= model.matrix.labels.size() || column >= model.matrix.labels.size()) {
        return {};
    }
    return tr("%1 waited %2 while %3 held it")
        .arg(QString::fromStdString(model.matrix.labels[row]),
             durationText(model.matrix.waitNs[row][column]),
             QString::fromStdString(model.matrix.labels[column]));
}

QString holdAt(const Recording& recording, const ContentionModel& model, Nanoseconds time) {
    QStringList lines;
    for (const analysis::Hold& hold : model.contention.holds) {
        if (hold.range.contains(time)) {
            lines << tr("held by %1 for %2")
                         .arg(nameOf(recording, hold.task, hold.worker),
                              durationText(hold.range.durationNs()));
            if (hold.cause == analysis::HoldCause::Forced) {
                lines << tr("taken over by force: the holder was asked to drop it");
            }
        }
    }
    if (model.contention.offCore) {
        for (const analysis::Hold& hold : *model.contention.offCore) {
            if (hold.range.contains(time)) {
                lines << tr("its holder is not on a core for %1")
                             .arg(durationText(hold.range.durationNs()));
            }
        }
    }
    return lines.isEmpty() ? tr("free") : lines.join(u'\n');
}

} // namespace

ContentionPicture contentionPicture(const Recording& recording, const ContentionModel& model,
                                    const ContentionInputs& inputs) {
    return Builder(recording, model, inputs).build();
}

double preferredContentionHeight(const ContentionModel& model) {
    if (model.isEmpty()) {
        return 0;
    }
    const auto waiters =
        static_cast<double>(std::min<std::size_t>(waiterCount(model.contention), 12));
    return lockTableHeight(model) + chart::kTimeAxisPx + 2 * chart::kHeadingPx + kMarksPx +
           kStripPx + std::max(28.0, waiters * kTallestWaiterPx) + kDepthPx + 5 * kGapPx +
           kSummaryPx + chart::kHeadingPx;
}

QString contentionAt(const Recording& recording, const ContentionModel& model,
                     const ContentionPicture& shown, QPointF position) {
    if (shown.matrix.contains(position)) {
        return matrixAt(model, shown.matrix, position);
    }
    const Nanoseconds time = shown.picture.scale.timeAt(position.x());
    if (shown.holderStrip.contains(position)) {
        return holdAt(recording, model, time);
    }
    if (shown.depthPlot.contains(position)) {
        return tr("%1 tasks wait").arg(model.contention.waiters.at(time));
    }
    const auto row = std::ranges::find_if(
        shown.waiters, [&](const WaiterRow& r) { return r.rect.contains(position); });
    if (row == shown.waiters.end()) {
        return {};
    }
    for (const analysis::LockWait& wait : model.contention.waits) {
        if (wait.task == row->task && wait.range.contains(time)) {
            return tr("%1 waits %2")
                .arg(nameOf(recording, wait.task, {}), durationText(wait.range.durationNs()));
        }
    }
    return nameOf(recording, row->task, {});
}

} // namespace interleave::ui
