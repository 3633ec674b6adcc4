// SPDX-License-Identifier: GPL-3.0-or-later
// RangePanel: what the selected range of time (else the visible one) is made of: its time by
// state at once, and counts, percentiles and a histogram of durations as soon as they are known.
#pragma once

#include "ui/panels/range_reporter.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QTableView;

namespace interleave::ui {

class HistogramView;
class ReportItemModel;
class StateTotalsView;

class RangePanel : public QWidget {
    Q_OBJECT

public:
    explicit RangePanel(QWidget* parent = nullptr);

    void setViewState(ViewState* state);
    ReportItemModel& model() { return *m_model; }
    /// The table of the report with headers, for a spreadsheet.
    QString toTsv() const;

Q_SIGNALS:
    /// The reader has selected a range of time.
    void rangeSelected();

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void showTotals();
    void showReport(const RangeReporter::RecordingPtr& recording,
                    const RangeReporter::ReportPtr& report);
    void showHistogram();
    analysis::RangeQuestion question() const;

    QPointer<ViewState> m_state;
    RangeReporter m_reporter;
    RangeReporter::RecordingPtr m_askedRecording;
    std::optional<analysis::RangeQuestion> m_asked;
    ReportItemModel* m_model;
    StateTotalsView* m_totals;
    QComboBox* m_by;
    QTableView* m_table;
    HistogramView* m_histogram;
    QTimer m_timer; // many small moves of the range are one change
};

} // namespace interleave::ui
