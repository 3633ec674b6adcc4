// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_timelines.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace interleave::ui {

namespace {

using chart::Font;
using chart::Role;
using chart::Text;
using recording::Recording;
using recording::TrackKind;

constexpr double kLongestDifferencePx = 34; // two lines of it

/// For each state and pixel column, how many tasks are in it on average.
std::vector<chart::Layer> tasksByState(const Recording& recording, const chart::TimeScale& scale) {
    const auto count = static_cast<std::size_t>(std::max(1.0, scale.widthPx));
    std::vector<chart::Layer> layers;
    for (const State state : kStackOrder) {
        layers.push_back({{}, chart::inkOf(state), {}});
    }
    const std::vector<TrackId> tracks = recording.tracksOf(TrackKind::Task);
    for (const TrackId id : tracks) {
        const recording::SpanColumns& spans = recording.track(id).spans;
        spans.forEachIn(scale.range, [&](std::size_t i) {
            const auto* const place = std::ranges::find(kStackOrder, spans.state[i]);
            if (place == kStackOrder.end()) {
                return;
            }
            auto& values = layers[static_cast<std::size_t>(place - kStackOrder.begin())].values;
            values.resize(count, 0.0);
            const TimeRange range = spans.rangeAt(i);
            const double from = scale.clampedX(range.beginNs) - scale.leftPx;
            const double to = scale.clampedX(range.endNs) - scale.leftPx;
            for (auto c = static_cast<std::size_t>(from); c < count; ++c) {
                const auto left = static_cast<double>(c);
                if (left >= to) {
                    break;
                }
                values[c] += std::min(to, left + 1) - std::max(from, left);
            }
        });
    }
    std::erase_if(layers, [](const chart::Layer& layer) { return layer.values.empty(); });
    return layers;
}

/// What the tasks under way do, as shares. Tasks that nobody has begun would hide them: of a
/// thousand tasks, a few are under way at a time.
std::vector<chart::Layer> sharesUnderWay(const Recording& recording,
                                         const chart::TimeScale& scale) {
    std::vector<chart::Layer> layers = tasksByState(recording, scale);
    std::erase_if(layers, [](const chart::Layer& layer) {
        return layer.ink == chart::inkOf(State::Queued) ||
               layer.ink == chart::inkOf(State::Reserved);
    });
    for (std::size_t c = 0; !layers.empty() && c < layers[0].values.size(); ++c) {
        double sum = 0;
        for (const chart::Layer& layer : layers) {
            sum += layer.values[c];
        }
        for (chart::Layer& layer : layers) {
            layer.values[c] = sum > 0 ? layer.values[c] / std::max(sum, 0.05) : 0;
        }
    }
    return layers;
}

class Timelines {
public:
    Timelines(ComparePicture& picture, const CompareInputs& inputs, const CompareLayout& layout)
        : m_out(picture)
        , m_inputs(inputs)
        , m_layout(layout) {}

    void addHead(const CompareModel& model) {
        const double width = m_inputs.size.width();
        const auto states = stateLegend(model);
        const double legend = chart::legendHeight(states, width - 20);
        const double top = m_layout.timelinesTopPx;
        chart::addLegend(scene(), {10, top, width - 20, legend}, states);
        const QRectF axis(scale().leftPx, m_layout.bandsTopPx - chart::kTimeAxisPx - 4,
                          scale().widthPx, chart::kTimeAxisPx);
        chart::addTimeAxis(scene(), axis, scale());
        const bool hasShares = std::ranges::any_of(m_layout.timelines, [&](const CompareRun* run) {
            return !hasTaskRows(*run, m_layout.bandPx);
        });
        scene().add(Text{{10, axis.top(), m_inputs.gutterPx - 16, axis.height()},
                         hasShares ? tr("what tasks under way do") : tr("tasks over time"),
                         Font::Small,
                         {Role::Muted}});
    }

    void addRun(const CompareModel& model, const CompareRun& run, double top, double bandPx) {
        const QRectF plot(scale().leftPx, top, scale().widthPx, bandPx);
        m_out.runs.push_back({{0, top, m_inputs.size.width(), bandPx}, plot, run.index});
        m_out.picture.plots.push_back(plot);
        addName(model, run, plot);
        chart::addPlotBackground(scene(), plot, scale());
        const std::vector<TrackId> tasks = run.recording->tracksOf(TrackKind::Task);
        if (hasTaskRows(run, bandPx)) {
            addRows(*run.recording, tasks, plot);
        } else {
            chart::addStack(scene(), plot, sharesUnderWay(*run.recording, scale()), 1);
        }
        addFinishLines(run, plot);
        addEndFlag(run, plot);
        addDifference(run, plot);
    }

private:
    chart::Scene& scene() { return m_out.picture.scene; }
    const chart::TimeScale& scale() const { return m_layout.timeScale; }

    void addName(const CompareModel& model, const CompareRun& run, const QRectF& plot) {
        const double width = m_inputs.gutterPx - 18;
        const recording::RunInfo& info = run.row.info;
        if (run.isBaseline) {
            scene().add(chart::Box{{0, plot.top(), 3, plot.height()}, {Role::Accent}});
        }
        scene().add(Text{{10, plot.top(), width, std::min(18.0, plot.height())},
                         QString::fromStdString(info.model),
                         Font::Strong,
                         {Role::Text}});
        if (plot.height() < 34) {
            return;
        }
        const auto& group = model.comparison.groups[run.row.group].rows;
        const auto number = std::ranges::find(group, run.index) - group.begin() + 1;
        const QString source = QString::fromStdString(std::string(nameOf(info.source)));
        QString second = source;
        if (group.size() > 1) {
            second = model.isTypical(run) ? tr("run %1 of %2, the median") : tr("run %1 of %2");
            second = second.arg(number).arg(group.size());
        }
        scene().add(Text{{10, plot.top() + 17, width, 15}, second, Font::Small, {Role::Muted}});
        if (plot.height() >= 48) {
            scene().add(Text{{10, plot.top() + 33, width, plot.height() - 33},
                             group.size() > 1 ? joined({source, settingsOf(info)},
                                                       std::numeric_limits<double>::max())
                                              : settingsOf(info),
                             Font::Small,
                             {Role::Muted},
                             Qt::AlignLeft | Qt::AlignTop,
                             true});
        }
    }

    /// From when the first task was there on: what theory allows knows nothing of the way there.
    void addFinishLines(const CompareRun& run, const QRectF& plot) {
        const Nanoseconds begin = run.endNs - run.row.statistics.makespanNs;
        for (const FinishMark& mark : m_layout.marks) {
            const double x = std::floor(scale().xOf(begin + mark.ns)) + 0.5;
            if (x > scale().leftPx && x < scale().rightPx()) {
                scene().add(chart::Line{
                    {QPointF(x, plot.top()), QPointF(x, plot.bottom())}, {Role::Text}, 1.5, true});
            }
        }
    }

    void addDifference(const CompareRun& run, const QRectF& plot) {
        if (plot.height() >= kLongestDifferencePx) {
            const double left = m_layout.columnsLeftPx + 14;
            scene().add(Text{{left, plot.top(), m_inputs.size.width() - left - 8, plot.height()},
                             run.difference,
                             Font::Body,
                             {Role::Muted},
                             Qt::AlignLeft | Qt::AlignTop,
                             true});
        }
    }

    void addRows(const Recording& recording, const std::vector<TrackId>& tasks,
                 const QRectF& plot) {
        const double height =
            plot.height() / static_cast<double>(std::max<std::size_t>(1, tasks.size()));
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const recording::SpanColumns& spans = recording.track(tasks[i]).spans;
            std::vector<chart::StripSpan> strip;
            spans.forEachIn(scale().range, [&](std::size_t s) {
                strip.push_back(
                    {spans.rangeAt(s), chart::inkOf(spans.state[s]), {}, heightOf(spans.state[s])});
            });
            const QRectF row(plot.left(), plot.top() + static_cast<double>(i) * height,
                             plot.width(), height);
            chart::addStrip(scene(), row.adjusted(0, 1, 0, 0), scale(), strip);
        }
    }

    /// Taller is more use of the machine, as in the Gantt, in three steps that small rows can show.
    static double heightOf(State state) {
        switch (state) {
        case State::Running:
        case State::Transfer:
        case State::Starting:
            return 1;
        case State::Ready:
        case State::WaitingGil:
        case State::WaitingLock:
        case State::Blocked:
            return 0.6;
        default:
            return 0.35;
        }
    }

    void addEndFlag(const CompareRun& run, const QRectF& plot) {
        const double x = std::floor(scale().xOf(run.endNs));
        if (x < scale().leftPx || x > scale().rightPx()) {
            return;
        }
        const QString text = durationText(run.endNs);
        const double width = chart::widthOf(text, Font::Small) + 8;
        const double left = x + width <= scale().rightPx() ? x : x - width;
        scene().add(
            chart::Line{{QPointF(x, plot.top()), QPointF(x, plot.bottom())}, {Role::Text}, 2});
        scene().add(chart::Box{{left, plot.top(), width, 15}, {Role::Text}, text});
    }

    ComparePicture& m_out;
    const CompareInputs& m_inputs;
    const CompareLayout& m_layout;
};

} // namespace

void addTimelines(ComparePicture& picture, const CompareModel& model, const CompareInputs& inputs,
                  const CompareLayout& layout) {
    if (layout.bandPx <= 0) {
        return;
    }
    Timelines timelines(picture, inputs, layout);
    timelines.addHead(model);
    double top = layout.bandsTopPx;
    for (const CompareRun* run : layout.timelines) {
        const double height = std::min(layout.bandPx, mostBandPx(*run, layout.bandPx));
        timelines.addRun(model, *run, top, height);
        top += height + kCompareGapPx;
    }
}

QString tasksAt(const CompareRun& run, Nanoseconds time) {
    const chart::TimeScale point{{time, time + 1}, 0, 1};
    QStringList lines{
        tr("%1 at %2").arg(QString::fromStdString(run.row.label), durationText(time))};
    for (const chart::Layer& layer : tasksByState(*run.recording, point)) {
        const std::string_view name = nameOf(static_cast<State>(layer.ink.index));
        const double tasks = layer.values.front();
        if (tasks > 0.5) {
            lines << QStringLiteral("%1: %2").arg(
                QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
                QString::number(tasks, 'f', 0));
        }
    }
    return lines.join(u'\n');
}

QString joined(const QStringList& parts, double widthPx) {
    QString text;
    for (const QString& part : parts) {
        const QString longer = text.isEmpty() ? part : text + QStringLiteral(", ") + part;
        if (!text.isEmpty() && chart::widthOf(longer, Font::Small) > widthPx) {
            break;
        }
        text = part.isEmpty() ? text : longer;
    }
    return text;
}

QString settingsOf(const recording::RunInfo& info) {
    return joined(settingsList(info), std::numeric_limits<double>::max());
}

QStringList settingsList(const recording::RunInfo& info) {
    QStringList parts;
    if (info.workers > 0) {
        parts << (info.workers == 1 ? tr("1 worker") : tr("%1 workers").arg(info.workers));
    }
    for (const auto& [key, value] : info.parameters) {
        parts << QStringLiteral("%1 = %2").arg(QString::fromStdString(key),
                                               QString::fromStdString(value));
    }
    return parts;
}

} // namespace interleave::ui
