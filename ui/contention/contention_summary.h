// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the contention view that have no time axis: the table of locks, who made whom wait,
// how long waits and holds were, and each worker's shares. Each fills the rectangle it is given.
#pragma once

#include "ui/chart/scene.h"
#include "ui/contention/contention_geometry.h"

namespace interleave::ui {

inline constexpr std::size_t kMostTableRows = 5;

double lockTableHeight(const ContentionModel& model);
/// Returns the rows, for choosing a lock by clicking.
std::vector<PlacedLock> addLockTable(chart::Scene& scene, const QRectF& place,
                                     const ContentionModel& model);
/// Returns the rectangle of the cells.
QRectF addWaitMatrix(chart::Scene& scene, const QRectF& place, const ContentionModel& model);
void addHistograms(chart::Scene& scene, const QRectF& place, const ContentionModel& model);
void addShares(chart::Scene& scene, const QRectF& place, const recording::Recording& recording,
               const ContentionModel& model);

/// What the view shows when the run used no lock.
chart::Scene noLockScene(QSizeF size);

/// The state in which tasks wait for this kind of lock.
State waitStateOf(const ContentionModel& model);

} // namespace interleave::ui
