// SPDX-License-Identifier: GPL-3.0-or-later
// DetailsPanel: what is selected, in words: the span at the left, how the time of the range
// divides at the right. The words for a span are made by whoever knows the view.
#pragma once

#include "ui/view_state/view_state.h"

#include <QScrollArea>
#include <QTimer>

#include <functional>

class QLabel;

namespace interleave::ui {

class StateTotalsView;

struct DetailText {
    QString title;
    QList<std::pair<QString, QString>> rows;
};

class DetailsPanel : public QScrollArea {
    Q_OBJECT

public:
    using Describe = std::function<DetailText(const recording::Recording&, SpanRef)>;

    /// `describe` puts a selected span into words.
    explicit DetailsPanel(Describe describe, QWidget* parent = nullptr);

    void setViewState(ViewState* state);

private:
    void showSpan();
    void showRange();

    Describe m_describe;
    QPointer<ViewState> m_state;
    QLabel* m_title;
    QLabel* m_rows;
    StateTotalsView* m_totals;
    QTimer m_rangeTimer; // many small moves of the range are one change
};

} // namespace interleave::ui
