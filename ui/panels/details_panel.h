// SPDX-License-Identifier: GPL-3.0-or-later
// DetailsPanel: what is selected, in words: the span at the left with where its links lead, how
// the time of the range divides at the right. The words for a span are made by whoever knows the
// view.
#pragma once

#include "ui/view_state/view_state.h"

#include <QScrollArea>
#include <QTimer>

#include <functional>
#include <vector>

class QLabel;
class QToolButton;

namespace interleave::analysis {
class LinkIndex;
}

namespace interleave::ui {

class StateTotalsView;

struct DetailRow {
    QString label;
    QString value;
    std::optional<SpanRef> target; // the span that the value is about: a link
};

struct DetailText {
    QString title;
    QList<DetailRow> rows;
};

class DetailsPanel : public QScrollArea {
    Q_OBJECT

public:
    using Describe = std::function<DetailText(const analysis::LinkIndex&, SpanRef, Grouping)>;

    /// `describe` puts a selected span into words.
    explicit DetailsPanel(Describe describe, QWidget* parent = nullptr);
    ~DetailsPanel() override;

    void setViewState(ViewState* state);
    /// What is said about the selected span, a line each, label and value separated by a tab.
    QString toText() const;

private:
    QWidget* buildContent();
    void showSpan();
    void showRange();
    void openLink(const QString& place);
    void zoomToSpan();
    const analysis::LinkIndex& links();

    Describe m_describe;
    QPointer<ViewState> m_state;
    std::unique_ptr<const analysis::LinkIndex> m_links; // made when first asked for
    DetailText m_text;
    QLabel* m_title;
    QLabel* m_rows;
    QToolButton* m_copy;
    QToolButton* m_zoom;
    StateTotalsView* m_totals;
    QTimer m_rangeTimer; // many small moves of the range are one change
};

} // namespace interleave::ui
