// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_geometry.h"

#include "ui/chart/parts.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

namespace interleave::ui {

namespace {

using chart::Ink;
using chart::inkOf;
using chart::Layer;
using chart::Role;
using recording::Recording;

constexpr double kCoreRowPx = 24;
constexpr double kCoreGapPx = 3;
constexpr double kPanelGapPx = 10;
constexpr double kReasonPx = 34;    // a sentence instead of a plot
constexpr double kBinPx = 1;        // of curves
constexpr double kSwitchBinPx = 14; // of rates, where a bin must hold several events
constexpr std::array kPlots{UtilisationPanel::Load, UtilisationPanel::Parallelism,
                            UtilisationPanel::Ready, UtilisationPanel::Switches,
                            UtilisationPanel::Memory};
constexpr std::array kWeights{1.3, 1.0, 0.8, 1.0, 1.0}; // of the heights, as kPlots

QString nameOf(const Recording& recording, const recording::Span& span) {
    if (span.task && span.task.value <= recording.tasks.size()) {
        return QString::fromStdString(recording.task(span.task).name);
    }
    if (span.worker && span.worker.value <= recording.workers.size()) {
        return QString::fromStdString(recording.worker(span.worker).name);
    }
    return {};
}

/// Buckets whose edges stay put while the view pans; they cover the visible range.
analysis::Buckets rateBuckets(const chart::TimeScale& scale) {
    const double wantedNs = std::max(1.0, kSwitchBinPx * scale.nsPerPx());
    const auto widthNs = static_cast<Nanoseconds>(chart::niceCeiling(wantedNs));
    const auto floored = [&](Nanoseconds time) {
        const Nanoseconds below = time >= 0 ? time : time - widthNs + 1;
        return below / widthNs * widthNs;
    };
    const TimeRange range{floored(scale.range.beginNs), floored(scale.range.endNs - 1) + widthNs};
    return {range, static_cast<std::size_t>(range.durationNs() / widthNs)};
}

std::vector<double> otherLoad(const Recording& recording, const analysis::Buckets& buckets) {
    std::vector<double> sums(buckets.count, 0.0);
    for (const analysis::CoreUtilisation& core : analysis::coreUtilisation(recording, buckets)) {
        std::ranges::transform(sums, core.other, sums.begin(), std::plus<>());
    }
    return sums;
}

double largest(const std::vector<double>& values) {
    return values.empty() ? 0 : *std::ranges::max_element(values);
}

struct ProcessLayer {
    std::uint32_t pid = 0;
    QString name;
    std::vector<double> values;

    double total() const { return std::accumulate(values.begin(), values.end(), 0.0); }
};

/// The strongest processes by name, the others as one: more can't be told apart. In the order of
/// their numbers, so that a process has the same shade in every panel.
std::vector<Layer> folded(std::vector<ProcessLayer> processes) {
    constexpr std::size_t kNamed = 7;
    std::ranges::sort(processes, {}, &ProcessLayer::pid);
    std::map<std::uint32_t, int> shades;
    for (const ProcessLayer& process : processes) {
        shades.emplace(process.pid, static_cast<int>(shades.size()));
    }
    std::ranges::stable_sort(processes, std::ranges::greater{}, &ProcessLayer::total);
    std::vector<Layer> rest;
    if (processes.size() > kNamed + 1) {
        rest.push_back({tr("%1 more processes").arg(processes.size() - kNamed),
                        {Role::Series, 7},
                        processes[kNamed].values});
        for (std::size_t i = kNamed + 1; i < processes.size(); ++i) {
            std::ranges::transform(rest[0].values, processes[i].values, rest[0].values.begin(),
                                   std::plus<>());
        }
        processes.resize(kNamed);
    }
    std::ranges::sort(processes, {}, &ProcessLayer::pid);
    std::vector<Layer> layers;
    for (ProcessLayer& process : processes) {
        layers.push_back(
            {process.name, {Role::Series, shades[process.pid]}, std::move(process.values)});
    }
    layers.insert(layers.end(), rest.begin(), rest.end());
    return layers;
}

std::vector<double> totalsOf(const std::vector<Layer>& layers, std::size_t count) {
    std::vector<double> totals(count, 0.0);
    for (const Layer& layer : layers) {
        std::ranges::transform(totals, layer.values, totals.begin(), std::plus<>());
    }
    return totals;
}

class Builder {
public:
    Builder(const Recording& recording, const UtilisationSeries& series,
            const UtilisationInputs& inputs)
        : m_recording(recording)
        , m_series(series)
        , m_inputs(inputs) {
        m_out.picture.scene.size = inputs.size;
        m_out.picture.scale = {inputs.visible, inputs.gutterPx,
                               std::max(0.0, inputs.size.width() - inputs.gutterPx)};
        m_buckets = {inputs.visible,
                     static_cast<std::size_t>(std::max(1.0, scale().widthPx / kBinPx))};
    }

    UtilisationPicture build() {
        if (m_inputs.visible.isEmpty() || scale().widthPx < 20) {
            return std::move(m_out);
        }
        chart::addTimeAxis(scene(), {scale().leftPx, 0, scale().widthPx, chart::kTimeAxisPx},
                           scale());
        m_y = chart::kTimeAxisPx;
        addCores();
        const double fixed = static_cast<double>(kPlots.size()) * (chart::kHeadingPx + kPanelGapPx);
        double rest = m_inputs.size.height() - m_y - fixed;
        double weights = 0;
        for (std::size_t i = 0; i < kPlots.size(); ++i) {
            if (isMissing(kPlots[i])) {
                rest -= kReasonPx;
            } else {
                weights += kWeights[i];
            }
        }
        for (std::size_t i = 0; i < kPlots.size(); ++i) {
            addPanel(kPlots[i],
                     isMissing(kPlots[i]) ? kReasonPx : std::floor(rest * kWeights[i] / weights));
        }
        return std::move(m_out);
    }

private:
    chart::Scene& scene() { return m_out.picture.scene; }
    const chart::TimeScale& scale() const { return m_out.picture.scale; }

    bool isMissing(UtilisationPanel kind) const {
        return (kind == UtilisationPanel::Switches && !m_series.missingSwitches.isEmpty()) ||
               (kind == UtilisationPanel::Memory && !m_series.missingMemory.isEmpty());
    }

    /// A panel that says why it is empty.
    void addMissing(UtilisationPanel kind, const QString& title, const QString& reason) {
        chart::addHeading(scene(), {10, m_y, m_inputs.size.width() - 20, chart::kHeadingPx},
                          {title, {}, {}});
        const QRectF plot(scale().leftPx, m_y + chart::kHeadingPx, scale().widthPx, kReasonPx);
        scene().add(chart::Box{plot, {Role::Panel}, {}, false});
        chart::addReason(scene(), plot, reason);
        m_out.panels.push_back({kind, plot});
        m_y = plot.bottom() + kPanelGapPx;
    }

    QRectF takePlot(UtilisationPanel kind, const chart::PanelText& text, double heightPx) {
        chart::addHeading(scene(), {10, m_y, m_inputs.size.width() - 20, chart::kHeadingPx}, text);
        const QRectF plot(scale().leftPx, m_y + chart::kHeadingPx, scale().widthPx, heightPx);
        chart::addPlotBackground(scene(), plot, scale());
        m_out.panels.push_back({kind, plot});
        m_out.picture.plots.push_back(plot);
        m_y = plot.bottom() + kPanelGapPx;
        return plot;
    }

    void addCores() {
        const chart::PanelText text{
            tr("Cores"), {}, tr("Who ran where. Grey: another program. Blank: the core was idle.")};
        const auto count = static_cast<double>(m_series.coreTracks.size());
        if (m_series.coreTracks.empty()) {
            addMissing(UtilisationPanel::Cores, text.title, m_series.missingCores);
            return;
        }
        const QRectF plot =
            takePlot(UtilisationPanel::Cores, text, count * (kCoreRowPx + kCoreGapPx) + kCoreGapPx);
        for (std::size_t i = 0; i < m_series.coreTracks.size(); ++i) {
            const double top =
                plot.top() + kCoreGapPx + static_cast<double>(i) * (kCoreRowPx + kCoreGapPx);
            addCore(m_recording.track(m_series.coreTracks[i]),
                    QRectF(plot.left(), top, plot.width(), kCoreRowPx));
        }
    }

    void addCore(const recording::Track& track, const QRectF& strip) {
        std::vector<chart::StripSpan> spans;
        Nanoseconds busy = 0;
        track.spans.forEachIn(m_inputs.visible, [&](std::size_t i) {
            const recording::Span span = track.spans.at(i);
            const bool isOther = span.state == State::Other;
            const Ink ink = isOther ? Ink{Role::Other} : inkOf(State::Running);
            spans.push_back({span.range, ink, isOther ? QString() : nameOf(m_recording, span),
                             isOther ? 0.6 : 1.0});
            busy += isOther ? 0 : span.range.intersected(m_inputs.visible).durationNs();
        });
        const TimeRange shown = m_inputs.visible.intersected(m_recording.range);
        const QString share =
            shown.isEmpty()
                ? QString()
                : QStringLiteral("%1 %").arg(qRound(100.0 * static_cast<double>(busy) /
                                                    static_cast<double>(shown.durationNs())));
        const double gutter = m_inputs.gutterPx;
        scene().add(chart::Text{{10, strip.top(), gutter - 66, strip.height()},
                                QString::fromStdString(track.name)});
        scene().add(chart::Text{{gutter - 54, strip.top(), 48, strip.height()},
                                share,
                                chart::Font::Small,
                                {Role::Muted},
                                Qt::AlignRight | Qt::AlignVCenter});
        chart::addStrip(scene(), strip, scale(), spans);
    }

    void addPanel(UtilisationPanel kind, double heightPx) {
        if (heightPx < 14) {
            return; // too low to say anything; preferredUtilisationHeight() shows all
        }
        switch (kind) {
        case UtilisationPanel::Cores:
            break;
        case UtilisationPanel::Load:
            addLoad(heightPx);
            break;
        case UtilisationPanel::Parallelism:
            addParallelism(heightPx);
            break;
        case UtilisationPanel::Ready:
            addReady(heightPx);
            break;
        case UtilisationPanel::Switches:
            addSwitches(heightPx);
            break;
        case UtilisationPanel::Memory:
            addMemory(heightPx);
            break;
        }
    }

    std::vector<double> means(const analysis::StepFunction& steps) const {
        return analysis::meanPerBucket(steps, m_buckets);
    }

    void addLoad(double heightPx) {
        const QString hint =
            tr("Full height: every core is busy. Below it, tasks wait for something "
               "else or there is nothing to do.");
        const QRectF plot =
            takePlot(UtilisationPanel::Load, {tr("Cores busy"), tr("cores · %"), hint}, heightPx);
        std::vector<ProcessLayer> processes;
        for (auto& process : analysis::processUtilisation(m_recording, m_buckets)) {
            processes.push_back(
                {process.pid, QString::fromStdString(process.name), std::move(process.cores)});
        }
        std::vector<Layer> layers = folded(std::move(processes));
        std::vector<double> others = otherLoad(m_recording, m_buckets);
        if (largest(others) > 0) {
            layers.push_back({tr("other programs"), {Role::Other}, std::move(others)});
        }
        const double cores = std::max(1, m_series.coreCount);
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx, {cores, {}, true, cores});
        chart::addStack(scene(), plot, layers, cores);
    }

    void addParallelism(double heightPx) {
        const double cores = std::max(1, m_series.coreCount);
        const double running = std::max(cores, m_series.running.maximum());
        const double underWay = m_series.underWay.maximum();
        const bool hasRoom = underWay <= 24 * running;
        const QString hint =
            hasRoom ? tr("Filled: tasks on a core at once. Dashed: tasks under way at once.")
                    : tr("Tasks on a core at once; up to %1 are under way.").arg(underWay);
        const QRectF plot = takePlot(UtilisationPanel::Parallelism,
                                     {tr("Parallelism"), tr("tasks"), hint}, heightPx);
        // A little air, or a curve at its maximum would hide in the edge.
        const double maximum = (hasRoom ? std::max(running, underWay) : running) * 1.06;
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx, {maximum, {}, true, 0});
        const std::array layers{Layer{{}, inkOf(State::Running), means(m_series.running)}};
        chart::addStack(scene(), plot, layers, maximum);
        if (hasRoom) {
            chart::addCurve(scene(), plot, means(m_series.underWay), maximum, {Role::Text}, true);
        }
    }

    void addReady(double heightPx) {
        const QRectF plot = takePlot(
            UtilisationPanel::Ready,
            {tr("Waiting for a core"), tr("tasks"),
             tr("Could run at once, but the cores, or the event loop, are busy with others.")},
            heightPx);
        const double maximum = std::max(1.0, m_series.ready.maximum());
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx, {maximum, {}, true, 0});
        const std::array layers{Layer{{}, inkOf(State::Ready), means(m_series.ready)}};
        chart::addStack(scene(), plot, layers, maximum);
        if (m_series.ready.time.empty()) {
            chart::addReason(scene(), plot, tr("No task ever waited for a core."));
        }
    }

    void addSwitches(double heightPx) {
        if (isMissing(UtilisationPanel::Switches)) {
            addMissing(UtilisationPanel::Switches, tr("Switches"), m_series.missingSwitches);
            return;
        }
        const analysis::Buckets buckets = rateBuckets(scale());
        const auto widthNs = static_cast<double>(buckets.at(0).durationNs());
        const QString hint = tr("Plain: the thread gave its core up. Striped: the kernel took it "
                                "away. Counted per %1.")
                                 .arg(chart::formatRound(widthNs));
        const QRectF plot = takePlot(UtilisationPanel::Switches,
                                     {tr("Switches"), tr("per second"), hint}, heightPx);
        const auto rates = analysis::switchRates(m_recording, buckets);
        if (!rates) {
            return;
        }
        std::vector<double> totals(buckets.count);
        std::ranges::transform(rates->voluntary, rates->involuntary, totals.begin(), std::plus<>());
        const double maximum = chart::niceCeiling(std::max(1.0, largest(totals)));
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx, {maximum, {}, true, 0});
        for (std::size_t i = 0; i < buckets.count; ++i) {
            addSwitchColumn(plot, buckets.at(i), rates->voluntary[i] / maximum,
                            rates->involuntary[i] / maximum);
        }
    }

    void addSwitchColumn(const QRectF& plot, TimeRange bucket, double voluntary,
                         double involuntary) {
        const double left = scale().clampedX(bucket.beginNs);
        const double width = scale().clampedX(bucket.endNs) - left - 1;
        double bottom = plot.bottom();
        const auto put = [&](double share, const Ink& ink) {
            const double height = plot.height() * share;
            if (height > 0 && width > 0) {
                scene().add(chart::Box{{left, bottom - height, width, height}, ink});
                bottom -= height;
            }
        };
        put(voluntary, {Role::Series, 0});
        put(involuntary, {Role::Series, 1, Hatch::Diagonal});
    }

    void addMemory(double heightPx) {
        if (isMissing(UtilisationPanel::Memory)) {
            addMissing(UtilisationPanel::Memory, tr("Memory"), m_series.missingMemory);
            return;
        }
        const QRectF plot =
            takePlot(UtilisationPanel::Memory,
                     {tr("Memory"), m_series.memoryKind,
                      tr("What each process costs: every worker process adds its own.")},
                     heightPx);
        std::vector<ProcessLayer> processes;
        for (const analysis::MemoryCurve& curve : m_series.memory) {
            processes.push_back(
                {curve.pid, QString::fromStdString(curve.name), means(curve.bytes)});
        }
        const std::vector<Layer> layers = folded(std::move(processes));
        const double maximum = chart::niceCeiling(largest(totalsOf(layers, m_buckets.count)));
        chart::addValueAxis(scene(), plot, m_inputs.gutterPx,
                            {maximum, QStringLiteral("B"), false, 0});
        chart::addStack(scene(), plot, layers, maximum);
    }

    const Recording& m_recording;
    const UtilisationSeries& m_series;
    const UtilisationInputs& m_inputs;
    UtilisationPicture m_out;
    double m_y = 0;
    analysis::Buckets m_buckets;
};

QString coreAt(const Recording& recording, const UtilisationSeries& series, const QRectF& plot,
               Nanoseconds time, QPointF position) {
    const double row = (position.y() - plot.top() - kCoreGapPx) / (kCoreRowPx + kCoreGapPx);
    if (row < 0 || row >= static_cast<double>(series.coreTracks.size())) {
        return {};
    }
    const recording::Track& track =
        recording.track(series.coreTracks[static_cast<std::size_t>(row)]);
    const QString name = QString::fromStdString(track.name);
    std::optional<std::size_t> under;
    track.spans.forEachIn({time, time + 1}, [&](std::size_t i) { under = i; });
    if (under) {
        const recording::Span span = track.spans.at(*under);
        const QString length = durationText(span.range.durationNs());
        if (span.state == State::Other) {
            return tr("%1: another program, %2").arg(name, length);
        }
        const QString end =
            span.isPreempted ? tr(", then the kernel took the core away") : QString();
        return tr("%1: %2, %3").arg(name, nameOf(recording, span), length) + end;
    }
    return tr("%1: idle").arg(name);
}

} // namespace

UtilisationPicture utilisationPicture(const Recording& recording, const UtilisationSeries& series,
                                      const UtilisationInputs& inputs) {
    return Builder(recording, series, inputs).build();
}

double preferredUtilisationHeight(const UtilisationSeries& series) {
    constexpr double kPlotPx = 62;
    const double cores = series.coreTracks.empty() ? kReasonPx
                                                   : static_cast<double>(series.coreTracks.size()) *
                                                             (kCoreRowPx + kCoreGapPx) +
                                                         kCoreGapPx;
    return chart::kTimeAxisPx + chart::kHeadingPx + cores + kPanelGapPx +
           static_cast<double>(kPlots.size()) * (kPlotPx + chart::kHeadingPx + kPanelGapPx);
}

QString utilisationAt(const Recording& recording, const UtilisationSeries& series,
                      const UtilisationPicture& shown, QPointF position) {
    const chart::TimeScale& scale = shown.picture.scale;
    const auto panel =
        std::find_if(shown.panels.begin(), shown.panels.end(),
                     [&](const PlacedPanel& p) { return p.plot.contains(position); });
    if (panel == shown.panels.end()) {
        return {};
    }
    const Nanoseconds time = scale.timeAt(position.x());
    const auto halfNs = static_cast<Nanoseconds>(kBinPx * scale.nsPerPx() / 2);
    const analysis::Buckets around{{time - halfNs, time + halfNs + 1}, 1};
    QStringList lines{tr("at %1").arg(durationText(time))};
    switch (panel->kind) {
    case UtilisationPanel::Cores:
        lines << coreAt(recording, series, panel->plot, time, position);
        break;
    case UtilisationPanel::Load:
        for (const auto& process : analysis::processUtilisation(recording, around)) {
            lines << tr("%1: %2 cores")
                         .arg(QString::fromStdString(process.name),
                              QString::number(process.cores.front(), 'f', 2));
        }
        lines << tr("other programs: %1 cores")
                     .arg(QString::number(otherLoad(recording, around).front(), 'f', 2));
        break;
    case UtilisationPanel::Parallelism:
        lines << tr("%1 tasks on a core").arg(series.running.at(time))
              << tr("%1 tasks under way").arg(series.underWay.at(time));
        break;
    case UtilisationPanel::Ready:
        lines << tr("%1 tasks wait for a core").arg(series.ready.at(time));
        break;
    case UtilisationPanel::Switches: {
        const analysis::Buckets buckets = rateBuckets(scale);
        const auto index =
            static_cast<std::size_t>((time - buckets.range.beginNs) / buckets.at(0).durationNs());
        const auto rates = analysis::switchRates(recording, {buckets.at(index), 1});
        if (rates) {
            lines << tr("%1 voluntary switches per second").arg(rates->voluntary.front())
                  << tr("%1 pre-empted per second").arg(rates->involuntary.front());
        }
        break;
    }
    case UtilisationPanel::Memory:
        for (const analysis::MemoryCurve& curve : series.memory) {
            lines << QString::fromStdString(curve.name) + QStringLiteral(": ") +
                         chart::formatBytes(curve.bytes.at(time));
        }
        break;
    }
    return lines.join(u'\n');
}

} // namespace interleave::ui
