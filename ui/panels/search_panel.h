// SPDX-License-Identifier: GPL-3.0-or-later
// SearchPanel: what is looked for, how often it was found, and the hits in a list. It searches
// while the reader types, leaves what was found in the view state for the views to point out, and
// leads from hit to hit. Does not search itself: SearchRunner does, beside the UI.
#pragma once

#include "ui/panels/search_hits_model.h"
#include "ui/panels/search_runner.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace interleave::ui {

class SearchPanel : public QWidget {
    Q_OBJECT

public:
    explicit SearchPanel(QWidget* parent = nullptr);

    /// What is searched; null for nothing.
    void setViewState(ViewState* state);
    /// Ready for typing; what was typed before is selected.
    void focusText();
    void setText(const QString& text);
    QLineEdit& text() const { return *m_text; }
    const SearchHitsItemModel& hits() const { return m_hits; }
    /// The sentence beside the text: how many were found, or what is wrong with the text.
    QString message() const;

public Q_SLOTS:
    void goToNext();
    void goToPrevious();
    /// Forgets the text and the hits.
    void clear();

Q_SIGNALS:
    /// The reader is done here.
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void start();
    void showHits(std::shared_ptr<const SearchHits> hits);
    void goTo(int row);
    void goBy(int step);
    void updateMessage();
    void onRecordingChanged();

    QPointer<ViewState> m_state;
    ViewState::RecordingPtr m_searched; // the hits are of this one
    SearchRunner m_runner;
    SearchHitsItemModel m_hits;
    QTimer m_delay; // while typing, and between snapshots of a live run
    QString m_error;
    int m_current = -1;

    QLineEdit* m_text;
    QToolButton* m_previous;
    QToolButton* m_next;
    QCheckBox* m_inSight;
    QLabel* m_message;
    QTableView* m_list;
};

} // namespace interleave::ui
