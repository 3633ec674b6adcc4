// SPDX-License-Identifier: GPL-3.0-or-later
// RunBatch: some runs that belong together, sent through the window's queue. It is over when all
// have ended well, or as soon as one has not: then the rest is not begun.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/lesson_runs.h"
#include "ui/session/run_queue.h"

#include <vector>

namespace interleave::ui {

class RunBatch : public QObject {
    Q_OBJECT

public:
    /// Both outlive it.
    RunBatch(RunQueue& queue, RunListItemModel& runs, QObject* parent = nullptr);

    /// Whether start() would begin at once; the queue may be somebody else's for now.
    bool canStart() const { return !m_queue.isBusy(); }
    void start(const std::vector<RunSetup>& setups);
    /// Ends the run that goes on and drops the others.
    void stop();
    bool isRunning() const { return m_isRunning; }
    std::size_t done() const { return m_done; }
    std::size_t total() const { return m_ids.size(); }
    /// In the order in which they were given; as far as they are in the list of runs.
    const std::vector<RunId>& ids() const { return m_ids; }

Q_SIGNALS:
    /// Another run has begun or ended.
    void progressed();
    /// All have ended well.
    void finished(std::vector<interleave::lesson::RunResult> results);
    /// Empty if it was stopped.
    void failed(const QString& sentence);
    /// canStart() has changed.
    void availabilityChanged();

private:
    void onEnded(RunId id);
    void onBusyChanged();
    void end(const QString& sentence);

    RunQueue& m_queue;
    RunListItemModel& m_runs;
    std::vector<RunId> m_ids;
    std::vector<lesson::RunResult> m_results;
    std::size_t m_done = 0;
    bool m_isRunning = false;
};

} // namespace interleave::ui
