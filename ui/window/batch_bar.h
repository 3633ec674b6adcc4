// SPDX-License-Identifier: GPL-3.0-or-later
// BatchBar: how far "run under every model" is: which model of how many, which round of how many,
// and a button to cancel. It moves only between runs, so that it costs none of them anything.
#pragma once

#include "ui/session/run_list.h"

#include <QWidget>

#include <vector>

class QLabel;
class QProgressBar;

namespace interleave::ui {

class BatchBar : public QWidget {
    Q_OBJECT

public:
    explicit BatchBar(QWidget* parent = nullptr);

    /// The runs in their order: each round has one of each model.
    void begin(std::vector<RunId> runs, int models);
    void showRun(RunId run, const QString& model);
    void end();
    bool isActive() const { return !m_runs.empty(); }
    bool contains(RunId run) const;
    /// "threads: model 3 of 14, round 2 of 5"
    QString text() const;

Q_SIGNALS:
    void cancelRequested();

private:
    std::vector<RunId> m_runs;
    int m_models = 0;
    QLabel* m_text;
    QProgressBar* m_progress;
};

} // namespace interleave::ui
