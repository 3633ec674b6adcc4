// SPDX-License-Identifier: GPL-3.0-or-later
// RunQueue: carries out runs one after another, never two at once (they would disturb each other's
// measurement), and keeps their entries in the list up to date.
#pragma once

#include "ui/session/run_list.h"
#include "ui/session/run_process.h"

#include <QObject>

#include <deque>
#include <memory>

namespace interleave::ui {

class RunQueue : public QObject {
    Q_OBJECT

public:
    /// `program` is the interleave program itself; `list` outlives the queue.
    RunQueue(QString program, RunListItemModel& list, QObject* parent = nullptr);
    ~RunQueue() override;

    RunId enqueue(const RunSetup& setup);
    /// Stops the current run and drops those that wait.
    void stopAll();
    /// See RunProcess::sendFault(); of the current run.
    Result<void> sendFault(const QString& line);
    bool isBusy() const { return m_process != nullptr || !m_waiting.empty(); }
    RunId current() const { return m_current; }

Q_SIGNALS:
    void runStarted(interleave::ui::RunId id);
    void runEnded(interleave::ui::RunId id);
    void busyChanged(bool isBusy);

private:
    void startNext();
    void onFinished(const RunResult& result);

    QString m_program;
    RunListItemModel& m_list;
    std::deque<RunId> m_waiting;
    RunId m_current;
    std::unique_ptr<RunProcess> m_process;
};

} // namespace interleave::ui
