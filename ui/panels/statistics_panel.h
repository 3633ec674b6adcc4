// SPDX-License-Identifier: GPL-3.0-or-later
// StatisticsPanel: the numbers of the shown run, or of two stacked ones in two columns.
#pragma once

#include "ui/view_state/view_state.h"

#include <QTableWidget>
#include <QTimer>

#include <vector>

namespace interleave::ui {

class StatisticsPanel : public QTableWidget {
    Q_OBJECT

public:
    using RecordingPtr = std::shared_ptr<const recording::Recording>;

    explicit StatisticsPanel(QWidget* parent = nullptr);

    /// Computed when the panel is looked at, and at most twice a second while a run is live.
    void setRecordings(std::vector<RecordingPtr> recordings);
    /// The table as lines of comma-separated values.
    QString toCsv() const;

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();

    std::vector<RecordingPtr> m_recordings;
    std::vector<RecordingPtr> m_built; // what the table shows now
    QTimer m_timer;
};

} // namespace interleave::ui
