// SPDX-License-Identifier: GPL-3.0-or-later
// RecommendationPanel: which model the work of the recording asks for: what was measured of it, the
// models in order with their estimates, why, how sure that is, and the runs that prove it. Works
// only while it is looked at, and beside the UI.
#pragma once

#include "ui/findings/rerun.h"
#include "ui/view_state/newest_task.h"
#include "ui/view_state/view_state.h"

#include <QPointer>
#include <QWidget>

#include "engine/recommendation/recommendation.h"

#include <optional>
#include <vector>

class QLabel;
class QPushButton;
class QStackedLayout;
class QTableWidget;
class QToolButton;

namespace interleave::ui {

class StateTotalsView;

class RecommendationPanel : public QWidget {
    Q_OBJECT

public:
    explicit RecommendationPanel(QWidget* parent = nullptr);

    void setViewState(ViewState* state);
    /// What "Prove it" would run.
    void setRerun(const Rerun& rerun);
    const std::optional<recommendation::Recommendation>& recommendation() const { return m_found; }
    /// What stands in the place of a recommendation; empty where there is one.
    QString notice() const;
    /// What "Prove it" does, or why it can't.
    QString proofText() const;
    /// For the clipboard.
    QString toText() const;

Q_SIGNALS:
    /// To be run against each other, so often each.
    void proofWanted(const std::vector<interleave::models::RunChoice>& choices, int repeat);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QWidget* buildWork();
    QWidget* buildReasons();
    void refresh();
    void showFound(const ViewState::RecordingPtr& recording,
                   std::optional<recommendation::Recommendation> found);
    void showNotice(const QString& sentence);
    void showWork(const recommendation::Workload& work);
    void showCandidates();
    void showProof();
    void askForProof();

    QPointer<ViewState> m_state;
    ViewState::RecordingPtr m_recording; // whose recommendation is shown or sought
    std::optional<recommendation::Recommendation> m_found;
    Rerun m_rerun;
    NewestTask m_task;
    QStackedLayout* m_pages;
    QLabel* m_notice;
    QWidget* m_content;
    StateTotalsView* m_shares;
    QLabel* m_facts;
    QTableWidget* m_table;
    QLabel* m_headline;
    QLabel* m_reasons;
    QPushButton* m_prove;
    QLabel* m_proof;
    QToolButton* m_copy;
};

} // namespace interleave::ui
