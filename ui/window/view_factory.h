// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the widgets of the views. The only place of the window that knows each view's own type.
#pragma once

#include "ui/panels/details_panel.h"
#include "ui/panels/guide_panel.h"
#include "ui/view_state/view_state.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace interleave::ui {

/// A view of one run: any but the comparison.
QWidget* makeRunView(ViewKind kind, ViewState& state, QWidget* parent);

/// Of stacked views on one time scale only the first needs its overview. Does nothing to a view
/// that has none.
void setOverviewVisible(QWidget& view, bool isVisible);

/// The view of many runs.
struct CompareWidget {
    QWidget* widget = nullptr;
    ViewState* time = nullptr; // whose cursor it shows
    std::function<void(std::vector<ViewState::RecordingPtr>)> setRecordings;
};
/// `runChosen` gets the index of the run that the reader clicked on.
CompareWidget makeCompareView(ViewState& state, std::function<void(int)> runChosen,
                              QWidget* parent);

/// A span in the words of the Gantt.
DetailText describeSpan(const analysis::LinkIndex& links, SpanRef span, Grouping grouping);

} // namespace interleave::ui
