// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs for geometry tests: one pixel for each unit of a sketch unless said otherwise.
#pragma once

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"
#include "ui/gantt/gantt_painter.h"
#include "ui/theme/plot_style.h"

namespace interleave::ui {

/// More tasks than a sketch has letters; each runs for 4 us.
inline std::shared_ptr<const recording::Recording> manyTasks(int count) {
    recording::RecordingBuilder builder;
    for (int i = 1; i <= count; ++i) {
        recording::TaskInfo task;
        task.name = "task " + std::to_string(i);
        task.group = "task";
        task.end = State::Done;
        recording::Span span;
        span.task = builder.addTask(task);
        span.range = {0, 4000};
        builder.addTaskSpan(span);
    }
    return builder.finish();
}

inline GanttInputs inputsFor(std::shared_ptr<const recording::Recording> recording,
                             TimeRange visible, double plotPx, Grouping grouping = Grouping::Task) {
    const Theme theme = themeOf(ThemeKind::Light);
    GanttInputs inputs;
    inputs.layout = std::make_shared<RowLayout>(*recording, grouping);
    inputs.recording = std::move(recording);
    inputs.visible = visible;
    inputs.size = QSizeF(kDefaultGutterPx + plotPx, 400);
    inputs.rowPx = 26;
    inputs.grouping = grouping;
    inputs.labelFont = theme.font(kSmallPx);
    inputs.heightRatios = heightRatiosOf(theme);
    return inputs;
}

} // namespace interleave::ui
