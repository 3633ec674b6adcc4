// SPDX-License-Identifier: GPL-3.0-or-later
// TracksPanel: every track of the shown run as a list: a filter by text, check boxes for what is
// shown, groups that fold, pins, order. All of it by keyboard, and with a way back.
#pragma once

#include "ui/view_state/track_menu.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;
class QTreeView;

namespace interleave::ui {

class TrackItemModel;

class TracksPanel : public QWidget {
    Q_OBJECT

public:
    explicit TracksPanel(QWidget* parent = nullptr);

    void setViewState(ViewState* state);
    /// "4 / 80 tracks"
    QString shownText() const;

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void applyFilter(const QString& text);
    void setFolded(const QModelIndex& index, bool isFolded);
    void showMenu(QPoint globalPoint);
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    TrackMenuSubject currentSubject() const;

    QPointer<ViewState> m_state;
    QLineEdit* m_filter;
    QLabel* m_count;
    QToolButton* m_showHidden;
    QToolButton* m_undo;
    QTreeView* m_tree;
    TrackItemModel* m_model;
    QTimer m_timer;              // a live run brings new tracks all the time
    bool m_isRefreshing = false; // folding comes from here
};

} // namespace interleave::ui
