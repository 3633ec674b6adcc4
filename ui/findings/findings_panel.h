// SPDX-License-Identifier: GPL-3.0-or-later
// FindingsPanel: what stands out in the recording that is looked at, worst first, with the chosen
// finding unfolded beside the list. A click selects what proves it. Works only while it is looked
// at, and beside the UI.
#pragma once

#include "ui/findings/findings_item_model.h"
#include "ui/findings/rerun.h"
#include "ui/view_state/newest_task.h"
#include "ui/view_state/view_state.h"

#include <QPointer>
#include <QWidget>

#include <optional>

class QLabel;
class QSplitter;
class QStackedLayout;
class QTableView;

namespace interleave::ui {

class FindingCard;

class FindingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit FindingsPanel(QWidget* parent = nullptr);

    void setViewState(ViewState* state);
    /// What "Try the cure" would start from.
    void setRerun(const Rerun& rerun);
    const FindingsItemModel& model() const { return m_model; }
    FindingCard& card() const { return *m_card; }
    QTableView& list() const { return *m_list; }
    /// What stands in the place of findings; empty where there are some.
    QString notice() const;
    /// All findings as text; for the clipboard.
    QString toText() const;

public Q_SLOTS:
    void goToNextProof();
    void goToPreviousProof();

Q_SIGNALS:
    /// Something that proves a finding was selected in the view state.
    void proofShown();
    void tryWanted(const interleave::models::Changes& changes);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void refresh();
    void showFindings(const ViewState::RecordingPtr& recording,
                      std::vector<findings::Finding> found);
    void showNotice(const QString& sentence);
    void unfold(int row);
    void goToProof(std::size_t index);
    void goBy(int step);
    const findings::Finding* chosen() const;

    QPointer<ViewState> m_state;
    ViewState::RecordingPtr m_recording; // whose findings are shown or sought
    FindingsItemModel m_model;
    NewestTask m_task;
    std::optional<std::size_t> m_proof; // of the chosen finding
    QStackedLayout* m_pages;
    QLabel* m_notice;
    QSplitter* m_split;
    QTableView* m_list;
    FindingCard* m_card;
};

} // namespace interleave::ui
