// SPDX-License-Identifier: GPL-3.0-or-later
// RunPane: one run in the middle of the window: a heading that says what it is, and its views, of
// which one is seen. Also what is shown before there is something to see, and after a failure.
#pragma once

#include "ui/panels/guide_panel.h"
#include "ui/session/run_list.h"
#include "ui/view_state/view_state.h"

#include <QWidget>

#include <array>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace interleave::ui {

class Breadcrumb;

class RunPane : public QWidget {
    Q_OBJECT

public:
    explicit RunPane(QWidget* parent = nullptr);

    ViewState& viewState() { return m_state; }
    RunId runId() const { return m_run; }
    /// Shows a run as it is now; call again when it changes.
    void setRun(const RunEntry& entry);
    void setView(ViewKind view);
    void setTheme(ThemeKind theme);
    void setClosable(bool isClosable);
    void setOverviewVisible(bool isVisible);
    void focusView();
    /// The view that is seen.
    QWidget* view() const;
    Breadcrumb& breadcrumb() const { return *m_breadcrumb; }
    /// Width of the scroll bar beside the view; 0 where there is none.
    int scrollBarPx() const;
    /// Leaves room right of the view, so that two panes' time scales line up.
    void setRightPaddingPx(int widthPx);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void scrollBarChanged();
    void closeRequested(interleave::ui::RunId id);
    /// Another recording is shown, whose bookmarks are not here.
    void marksWanted();

private:
    void buildHeading();
    void updateHeading(const RunEntry& entry);
    void updatePage();

    ViewState m_state;
    RunId m_run;
    ViewKind m_view = ViewKind::Gantt;
    bool m_hasFailed = false;
    bool m_hasOverview = true;
    QWidget* m_heading;
    QLabel* m_model;
    QLabel* m_facts;
    Breadcrumb* m_breadcrumb;
    QLabel* m_makespan;
    QToolButton* m_close;
    QStackedWidget* m_pages;
    QLabel* m_notice;                           // in place of a view: why there is none
    std::array<QWidget*, kViewKinds> m_views{}; // made when first looked at
};

} // namespace interleave::ui
