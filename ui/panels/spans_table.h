// SPDX-License-Identifier: GPL-3.0-or-later
// SpansTable: the Gantt's twin in rows: every span of the selected range, else of the visible one.
// What is chosen here is selected in the Gantt and the other way round. Copies as text.
#pragma once

#include "ui/panels/span_rows.h"

#include <QTimer>
#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QLabel;

namespace interleave::ui {

class SpanListView;

class SpansTable : public QWidget {
    Q_OBJECT

public:
    explicit SpansTable(QWidget* parent = nullptr);

    void setViewState(ViewState* state);
    SpanListView& list() { return *m_list; }
    /// The selected rows, or all of them if just one is, to the clipboard.
    void copy(TableFormat format);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildHead(QBoxLayout& layout);
    void refresh();
    void followSelection();
    void showMenu(QPoint globalPoint);
    void say(const QString& text);

    QPointer<ViewState> m_state;
    SpanListView* m_list;
    QLabel* m_summary;
    QCheckBox* m_onlySelected;
    QTimer m_timer;
    bool m_isChoosing = false; // the selection comes from here
};

} // namespace interleave::ui
