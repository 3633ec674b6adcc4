// SPDX-License-Identifier: GPL-3.0-or-later
// Places the comparison: for each group of runs a bar as long as its makespan, with the spread, its
// numbers in columns and the finish lines of theory over all of them; under it where the time went;
// under that the runs themselves on a common time axis that begins at zero. Pure.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/compare/compare_model.h"

#include <vector>

namespace interleave::ui {

struct CompareInputs {
    TimeRange visible; // of the timelines; bars and waterfall always show all
    QSizeF size;
    double gutterPx = 168;
    CompareSort sort = CompareSort::AsGiven; // its column is marked
    bool showsEveryRun = false;              // timelines of repeated runs, not of one of each group
};

struct PlacedRun {
    QRectF rect; // the whole group
    QRectF plot;
    std::size_t index = 0; // in the order given
};

/// The bar of a group, without its name and numbers.
struct PlacedBar {
    QRectF row;
    QRectF bar;            // to the median
    std::size_t group = 0; // in the model's order
};

struct PlacedPart {
    QRectF rect;
    std::size_t group = 0;
    analysis::Part part{};
};

struct PlacedColumn {
    QRectF rect; // of its heading
    CompareSort sort = CompareSort::AsGiven;
};

/// A finish line of theory; of those that coincide only one is placed, with both names.
struct PlacedLine {
    double x = 0;
    double topPx = 0;
    double bottomPx = 0;
    QString name;
    QString meaning;
};

struct ComparePicture {
    chart::Picture picture;
    std::vector<PlacedBar> bars;
    std::vector<PlacedLine> lines; // over the bars
    std::vector<PlacedPart> parts;
    std::vector<PlacedRun> runs; // their timelines; none where there is no room
    std::vector<PlacedColumn> columns;
};

ComparePicture comparePicture(const CompareModel& model, const CompareInputs& inputs);

/// What bars and waterfall need at the width of the inputs.
double summaryHeight(const CompareModel& model, const CompareInputs& inputs);
/// What the timelines need besides, at so much height for each.
double timelinesHeight(const CompareModel& model, const CompareInputs& inputs, double bandPx);
/// All of it, so that it can be read well.
double preferredCompareHeight(const CompareModel& model, const CompareInputs& inputs);

/// What there is to say about a place: a group's numbers, a part, a finish line, the tasks by
/// state; empty elsewhere.
QString compareAt(const CompareModel& model, const ComparePicture& picture, QPointF position);

} // namespace interleave::ui
