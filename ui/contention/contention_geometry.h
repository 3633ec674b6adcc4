// SPDX-License-Identifier: GPL-3.0-or-later
// Places the contention view: the table of locks, the strip of the holder with the waiters under
// it, their number, and below the time axis the matrix, the histograms and the shares. Pure.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/contention/contention_model.h"

#include <vector>

namespace interleave::ui {

struct ContentionInputs {
    TimeRange visible;
    QSizeF size;
    double gutterPx = 168;
};

struct PlacedLock {
    QRectF rect;
    ObjectId object;
};

struct WaiterRow {
    QRectF rect;
    TaskId task;
};

struct ContentionPicture {
    chart::Picture picture;
    std::vector<PlacedLock> locks; // rows of the table
    QRectF holderStrip;
    std::vector<WaiterRow> waiters;
    QRectF depthPlot;
    QRectF matrix; // its cells
};

ContentionPicture contentionPicture(const recording::Recording& recording,
                                    const ContentionModel& model, const ContentionInputs& inputs);

double preferredContentionHeight(const ContentionModel& model);

/// What is under a place of the picture; empty where nothing is.
QString contentionAt(const recording::Recording& recording, const ContentionModel& model,
                     const ContentionPicture& picture, QPointF position);

} // namespace interleave::ui
