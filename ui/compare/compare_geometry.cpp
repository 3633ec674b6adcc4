// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_geometry.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace interleave::ui {

namespace {

using chart::Font;
using chart::Role;
using chart::Text;
using recording::Recording;
using recording::TrackKind;

constexpr double kGapPx = 10;
constexpr double kNumbersPx = 24; // the words stand under them
constexpr double kLeastBandPx = 62;
constexpr double kMostBandPx = 240;
constexpr double kRowPx = 6; // of a task, where each has its own row
constexpr double kMostRowPx = 26;
constexpr double kMostSharesPx = 110; // of a band of shares

/// From the bottom of the stack to its top: work first, then what is in its way, then what has not
/// begun.
constexpr std::array kStackOrder{
    State::Running,     State::Transfer,  State::Starting, State::Ready,     State::WaitingGil,
    State::WaitingLock, State::WaitingIo, State::Blocked,  State::Suspended, State::Retrying,
    State::Sleeping,    State::Reserved,  State::Queued};

template <class T, class Words>
QString known(const std::optional<T>& value, Words words) {
    return value ? words(*value) : QStringLiteral("–");
}

struct Column {
    CompareSort sort;
    double widthPx;
    QString (*value)(const analysis::ComparisonRow&);
};

const std::vector<Column>& columns() {
    using Row = const analysis::ComparisonRow&;
    static const auto twoDigits = [](double v) { return QString::number(v, 'f', 2); };
    static const std::vector<Column> all{
        {CompareSort::Total, 74, [](Row row) { return durationText(row.statistics.makespanNs); }},
        {CompareSort::SpeedUp, 72,
         [](Row row) {
             return known(row.speedUp,
                          [](double v) { return twoDigits(v) + QStringLiteral(" ×"); });
         }},
        {CompareSort::Parallelism, 80,
         [](Row row) { return known(row.statistics.parallelismMean, twoDigits); }},
        {CompareSort::Cpu, 74,
         [](Row row) {
             return known(row.statistics.cpuNs, [](Nanoseconds ns) { return durationText(ns); });
         }},
        {CompareSort::Memory, 70,
         [](Row row) {
             return known(row.statistics.peakRssBytes, [](std::uint64_t bytes) {
                 return chart::formatBytes(static_cast<double>(bytes));
             });
         }},
        {CompareSort::Switches, 140,
         [](Row row) {
             const auto& s = row.statistics;
             return s.voluntarySwitches && s.involuntarySwitches ? QStringLiteral("%1 + %2")
                                                                       .arg(*s.voluntarySwitches)
                                                                       .arg(*s.involuntarySwitches)
                                                                 : QStringLiteral("–");
         }},
    };
    return all;
}

QString headingOf(CompareSort sort) {
    return sort == CompareSort::Switches ? tr("switches own + forced") : titleOf(sort);
}

double columnsWidth() {
    double width = 12;
    for (const Column& column : columns()) {
        width += column.widthPx;
    }
    return width;
}

QString settingsOf(const recording::RunInfo& info) {
    QStringList parts;
    if (info.workers > 0) {
        parts << (info.workers == 1 ? tr("1 worker") : tr("%1 workers").arg(info.workers));
    }
    for (const auto& [key, value] : info.parameters) {
        parts << QStringLiteral("%1 = %2").arg(QString::fromStdString(key),
                                               QString::fromStdString(value));
    }
    return parts.join(QStringLiteral(", "));
}

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

bool hasRows(const CompareRun& run, double bandPx) {
    return static_cast<double>(run.recording->tasks.size()) * kRowPx <= bandPx;
}

class Builder {
public:
    Builder(const CompareModel& model, const CompareInputs& inputs)
        : m_model(model)
        , m_inputs(inputs) {
        const double width = inputs.size.width() - inputs.gutterPx - columnsWidth();
        m_out.picture.scene.size = inputs.size;
        m_out.picture.scale = {inputs.visible, inputs.gutterPx, std::max(0.0, width)};
    }

    ComparePicture build() {
        if (m_model.isEmpty() || m_inputs.visible.isEmpty() || scale().widthPx < 40) {
            return std::move(m_out);
        }
        addHead();
        const auto count = static_cast<double>(m_model.runs.size());
        const double room = m_inputs.size.height() - chart::kTimeAxisPx - kGapPx;
        const double band =
            std::clamp(std::floor(room / count) - kGapPx, kLeastBandPx, kMostBandPx);
        if (std::ranges::any_of(m_model.runs,
                                [&](const CompareRun& run) { return !hasRows(run, band); })) {
            scene().add(Text{{10, 0, m_inputs.gutterPx - 16, chart::kTimeAxisPx},
                             tr("what tasks under way do"),
                             Font::Small,
                             {Role::Muted}});
        }
        double top = chart::kTimeAxisPx + 4;
        for (const CompareRun& run : m_model.runs) {
            const double rows = kMostRowPx * static_cast<double>(run.recording->tasks.size());
            const double most = hasRows(run, band) ? std::max(kLeastBandPx, rows) : kMostSharesPx;
            const double height = std::min(band, most);
            addRun(run, top, height);
            top += height + kGapPx;
        }
        return std::move(m_out);
    }

private:
    chart::Scene& scene() { return m_out.picture.scene; }
    const chart::TimeScale& scale() const { return m_out.picture.scale; }

    void addHead() {
        chart::addTimeAxis(scene(), {scale().leftPx, 0, scale().widthPx, chart::kTimeAxisPx},
                           scale());
        double left = scale().rightPx() + 6;
        for (const Column& column : columns()) {
            const QRectF place(left, 0, column.widthPx, chart::kTimeAxisPx);
            const bool isChosen = column.sort == m_inputs.sort;
            const QString mark = isChosen ? QStringLiteral("▾ ") : QString();
            scene().add(Text{place.adjusted(0, 0, -4, 0),
                             mark + headingOf(column.sort),
                             Font::Small,
                             {isChosen ? Role::Accent : Role::Muted},
                             Qt::AlignRight | Qt::AlignVCenter});
            m_out.columns.push_back({place, column.sort});
            left += column.widthPx;
        }
    }

    void addRun(const CompareRun& run, double top, double bandPx) {
        const QRectF plot(scale().leftPx, top, scale().widthPx, bandPx);
        m_out.runs.push_back({{0, top, m_inputs.size.width(), bandPx}, plot, run.index});
        m_out.picture.plots.push_back(plot);
        addName(run, plot);
        chart::addPlotBackground(scene(), plot, scale());
        const std::vector<TrackId> tasks = run.recording->tracksOf(TrackKind::Task);
        if (static_cast<double>(tasks.size()) * kRowPx <= bandPx) {
            addRows(*run.recording, tasks, plot);
        } else {
            chart::addStack(scene(), plot, sharesUnderWay(*run.recording, scale()), 1);
        }
        addEndFlag(run, plot);
        addNumbers(run, plot);
    }

    void addName(const CompareRun& run, const QRectF& plot) {
        const double width = m_inputs.gutterPx - 18;
        const recording::RunInfo& info = run.row.info;
        if (run.isBaseline) {
            scene().add(chart::Box{{0, plot.top(), 3, plot.height()}, {Role::Accent}});
        }
        scene().add(Text{{10, plot.top(), width, 18},
                         QString::fromStdString(info.model),
                         Font::Strong,
                         {Role::Text}});
        const std::string_view source = nameOf(info.source);
        scene().add(Text{{10, plot.top() + 17, width, 15},
                         QString::fromUtf8(source.data(), static_cast<qsizetype>(source.size())),
                         Font::Small,
                         {Role::Muted}});
        scene().add(Text{{10, plot.top() + 33, width, plot.height() - 33},
                         settingsOf(info),
                         Font::Small,
                         {Role::Muted},
                         Qt::AlignLeft | Qt::AlignTop,
                         true});
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

    void addNumbers(const CompareRun& run, const QRectF& plot) {
        double left = scale().rightPx() + 6;
        for (const Column& column : columns()) {
            const bool isChosen = column.sort == m_inputs.sort;
            scene().add(
                Text{{left, plot.top(), column.widthPx - 4, kNumbersPx},
                     column.value(run.row),
                     isChosen || column.sort == CompareSort::Total ? Font::Strong : Font::Body,
                     {Role::Text},
                     Qt::AlignRight | Qt::AlignVCenter});
            left += column.widthPx;
        }
        const double words = plot.top() + kNumbersPx + 2;
        scene().add(
            Text{{scale().rightPx() + 24, words, columnsWidth() - 34, plot.bottom() - words},
                 run.difference,
                 Font::Body,
                 {Role::Muted},
                 Qt::AlignRight | Qt::AlignTop,
                 true});
    }

    const CompareModel& m_model;
    const CompareInputs& m_inputs;
    ComparePicture m_out;
};

} // namespace

ComparePicture comparePicture(const CompareModel& model, const CompareInputs& inputs) {
    return Builder(model, inputs).build();
}

double preferredCompareHeight(const CompareModel& model) {
    return model.isEmpty() ? 0
                           : chart::kTimeAxisPx + 2 * kGapPx +
                                 static_cast<double>(model.runs.size()) * (kLeastBandPx + kGapPx);
}

QString compareAt(const CompareModel& model, const ComparePicture& shown, QPointF position) {
    const auto placed = std::ranges::find_if(
        shown.runs, [&](const PlacedRun& run) { return run.plot.contains(position); });
    if (placed == shown.runs.end()) {
        return {};
    }
    const auto run = std::ranges::find(model.runs, placed->index, &CompareRun::index);
    const Nanoseconds time = shown.picture.scale.timeAt(position.x());
    const chart::TimeScale point{{time, time + 1}, 0, 1};
    QStringList lines{
        tr("%1 at %2").arg(QString::fromStdString(run->row.label), durationText(time))};
    for (const chart::Layer& layer : tasksByState(*run->recording, point)) {
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

std::vector<State> statesIn(const CompareModel& model) {
    std::array<bool, static_cast<std::size_t>(kStateCount)> isPresent{};
    for (const CompareRun& run : model.runs) {
        for (const TrackId id : run.recording->tracksOf(TrackKind::Task)) {
            for (const State state : run.recording->track(id).spans.pyramidStates()) {
                isPresent[static_cast<std::size_t>(state)] = true;
            }
        }
    }
    std::vector<State> states;
    for (const State state : kStackOrder) {
        if (isPresent[static_cast<std::size_t>(state)]) {
            states.push_back(state);
        }
    }
    return states;
}

} // namespace interleave::ui
