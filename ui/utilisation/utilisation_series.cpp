// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_series.h"

#include "ui/theme/text.h"

#include <algorithm>

namespace interleave::ui {

namespace {

using recording::Recording;
using recording::TrackKind;

bool isUnderWay(State state) {
    return state != State::Queued && state != State::Reserved && !isEnd(state);
}

analysis::StepFunction tasksUnderWay(const Recording& recording) {
    std::vector<TimeRange> ranges;
    for (const TrackId id : recording.tracksOf(TrackKind::Task)) {
        const recording::SpanColumns& spans = recording.track(id).spans;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            if (isUnderWay(spans.state[i])) {
                ranges.push_back(spans.rangeAt(i));
            }
        }
    }
    return analysis::overlapCount(std::move(ranges));
}

// PSS shares common pages out, so that a sum over processes means something; RSS is second best.
void addMemory(UtilisationSeries& series, const Recording& recording) {
    series.memory = analysis::memoryCurves(recording);
    const bool hasPss = std::ranges::any_of(series.memory, &analysis::MemoryCurve::isPss);
    std::erase_if(series.memory, [&](const analysis::MemoryCurve& curve) {
        return curve.isPss != hasPss || curve.bytes.time.empty();
    });
    series.memoryKind = hasPss ? QStringLiteral("PSS") : QStringLiteral("RSS");
    std::ranges::stable_sort(series.memory, std::ranges::greater{},
                             [](const auto& curve) { return curve.bytes.maximum(); });
}

/// What the recording itself says of the kernel's records, or our own sentence.
QString kernelReason(const Recording& recording) {
    for (const recording::Diagnostic& diagnostic : recording.diagnostics) {
        for (const char* word : {"kernel", "switch", "perf"}) {
            if (diagnostic.kind.find(word) != std::string::npos) {
                return QString::fromStdString(diagnostic.message);
            }
        }
    }
    if (recording.info.kernelTruth == "sampled") {
        return tr("The kernel's switch records were refused; the threads were sampled instead, "
                  "which tells how much they ran but not when and on which core.");
    }
    return tr("This recording has no switch records of the kernel.");
}

} // namespace

UtilisationSeries utilisationSeriesOf(const Recording& recording) {
    UtilisationSeries series;
    series.coreTracks = recording.tracksOf(TrackKind::Core);
    series.coreCount = std::max(recording.info.cores, static_cast<int>(series.coreTracks.size()));
    series.running = analysis::parallelism(recording);
    series.ready = analysis::readyTasks(recording);
    series.underWay = tasksUnderWay(recording);
    addMemory(series, recording);
    if (series.coreTracks.empty()) {
        series.missingCores = kernelReason(recording);
    }
    if (recording.info.kernelTruth != "switches") {
        series.missingSwitches = kernelReason(recording);
    }
    if (series.memory.empty()) {
        series.missingMemory = tr("The memory of the processes was not sampled in this run.");
    }
    return series;
}

} // namespace interleave::ui
