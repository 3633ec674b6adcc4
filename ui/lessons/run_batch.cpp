// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/run_batch.h"

#include <algorithm>
#include <utility>

namespace interleave::ui {

RunBatch::RunBatch(RunQueue& queue, RunListItemModel& runs, QObject* parent)
    : QObject(parent)
    , m_queue(queue)
    , m_runs(runs) {
    connect(&queue, &RunQueue::runStarted, this, [this](RunId id) {
        if (m_isRunning && std::ranges::find(m_ids, id) != m_ids.end()) {
            Q_EMIT progressed();
        }
    });
    connect(&queue, &RunQueue::runEnded, this, &RunBatch::onEnded);
    connect(&queue, &RunQueue::busyChanged, this, &RunBatch::onBusyChanged);
}

void RunBatch::start(const std::vector<RunSetup>& setups) {
    if (m_isRunning || !canStart() || setups.empty()) {
        return;
    }
    m_isRunning = true;
    m_done = 0;
    m_ids.clear();
    m_results.assign(setups.size(), {});
    for (const RunSetup& setup : setups) { // a run begins with the first, before its id is known
        m_ids.push_back(m_queue.enqueue(setup));
    }
    Q_EMIT progressed();
}

void RunBatch::stop() {
    if (m_isRunning) {
        m_queue.stopAll();
    }
}

void RunBatch::onEnded(RunId id) {
    const auto place = std::ranges::find(m_ids, id);
    const RunEntry* entry = m_runs.find(id);
    if (!m_isRunning || place == m_ids.end() || entry == nullptr) {
        return;
    }
    if (entry->state != RunState::Done || !entry->recording) {
        const QString why = entry->state == RunState::Stopped ? QString() : entry->message;
        m_isRunning = false; // what follows from stopping is no news
        m_queue.stopAll();
        end(why);
        return;
    }
    m_results[static_cast<std::size_t>(place - m_ids.begin())] = {entry->recording,
                                                                  entry->exitCode};
    ++m_done;
    Q_EMIT progressed();
    if (m_done == m_ids.size()) {
        m_isRunning = false;
        Q_EMIT finished(std::exchange(m_results, {}));
    }
}

/// The queue is empty although not all have ended: somebody has stopped it, or removed one.
void RunBatch::onBusyChanged() {
    if (m_isRunning && !m_queue.isBusy()) {
        end({});
    }
    Q_EMIT availabilityChanged();
}

void RunBatch::end(const QString& sentence) {
    m_isRunning = false;
    Q_EMIT failed(sentence);
}

} // namespace interleave::ui
