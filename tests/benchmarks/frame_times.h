// SPDX-License-Identifier: GPL-3.0-or-later
// How long the frames of a view take that shows the moment at the cursor, while time runs through a
// recording: from the moment to pixels. In processor time, so that a busy machine says the same.
#pragma once

#include "ui/view_state/view_state.h"

#include <QAbstractScrollArea>
#include <QImage>
#include <algorithm>
#include <time.h>
#include <vector>

namespace interleave::ui {

inline double cpuMs() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

struct FrameTimes {
    double medianMs = 0;
    double p99Ms = 0;
};

/// Of frames evenly over the recording. The first is left out: it paints what stays as well.
inline FrameTimes frameTimes(ViewState& state, QAbstractScrollArea& canvas, int frames) {
    QImage image(canvas.viewport()->size(), QImage::Format_ARGB32_Premultiplied);
    const Nanoseconds endNs = state.recording()->range.endNs;
    std::vector<double> ms;
    for (int i = 0; i < frames + 1; ++i) {
        state.setMomentNs(endNs * (i + 1) / (frames + 2));
        const double begin = cpuMs();
        canvas.viewport()->render(&image);
        ms.push_back(cpuMs() - begin);
    }
    ms.erase(ms.begin());
    std::ranges::sort(ms);
    return {ms[ms.size() / 2], ms[ms.size() * 99 / 100]};
}

} // namespace interleave::ui
