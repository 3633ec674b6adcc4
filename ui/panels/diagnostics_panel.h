// SPDX-License-Identifier: GPL-3.0-or-later
// DiagnosticsPanel: what the recording says about its own limits: what was lost, how exact it is.
#pragma once

#include "ui/view_state/view_state.h"

#include <QListWidget>

#include <vector>

namespace interleave::ui {

class DiagnosticsPanel : public QListWidget {
    Q_OBJECT

public:
    explicit DiagnosticsPanel(QWidget* parent = nullptr);

    void setRecordings(const std::vector<std::shared_ptr<const recording::Recording>>& recordings);
    /// How many are more than information.
    int problemCount() const { return m_problems; }

private:
    struct Line {
        recording::Severity severity;
        QString text;
        bool operator==(const Line&) const = default;
    };
    QList<Line> m_lines;
    bool m_isFilled = false;
    int m_problems = 0;
};

} // namespace interleave::ui
