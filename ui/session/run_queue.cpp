// SPDX-License-Identifier: GPL-3.0-or-later
// RunQueue: one RunProcess at a time.
#include "ui/session/run_queue.h"

#include <utility>

namespace interleave::ui {

namespace {

RunState stateOf(RunResult::Outcome outcome) {
    switch (outcome) {
    case RunResult::Outcome::Done:
        return RunState::Done;
    case RunResult::Outcome::Stopped:
        return RunState::Stopped;
    case RunResult::Outcome::Failed:
        break;
    }
    return RunState::Failed;
}

} // namespace

RunQueue::RunQueue(QString program, RunListItemModel& list, QObject* parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_list(list) {}

RunQueue::~RunQueue() = default;

RunId RunQueue::enqueue(const RunSetup& setup) {
    RunEntry entry;
    entry.setup = setup;
    const RunId id = m_list.add(std::move(entry));
    const bool wasBusy = isBusy();
    m_waiting.push_back(id);
    if (!wasBusy) {
        startNext();
        Q_EMIT busyChanged(true);
    }
    return id;
}

void RunQueue::stopAll() {
    for (const RunId id : std::exchange(m_waiting, {})) {
        m_list.remove(id); // it never began: nothing to show
    }
    if (m_process) {
        m_process->stop();
    }
}

Result<void> RunQueue::sendFault(const QString& line) {
    return m_process ? m_process->sendFault(line) : fail("No run goes on.");
}

void RunQueue::startNext() {
    while (!m_waiting.empty()) {
        const RunId id = m_waiting.front();
        m_waiting.pop_front();
        const RunEntry* entry = m_list.find(id);
        if (entry == nullptr) {
            continue; // removed from the list while it waited
        }
        m_current = id;
        m_process = std::make_unique<RunProcess>(m_program, entry->setup);
        connect(
            m_process.get(), &RunProcess::snapshotTaken, this,
            [this](const RecordingPtr& recording) { m_list.setRecording(m_current, recording); });
        connect(m_process.get(), &RunProcess::finished, this, &RunQueue::onFinished);
        m_list.setState(id, RunState::Running);
        m_process->start();
        Q_EMIT runStarted(id);
        return;
    }
}

void RunQueue::onFinished(const RunResult& result) {
    const RunId ended = std::exchange(m_current, {});
    m_process.release()->deleteLater(); // it is the sender of the signal that brought us here
    if (result.recording) {
        m_list.setRecording(ended, result.recording);
        m_list.setFolder(ended, result.folder);
    }
    if (result.lacksPart) {
        m_list.setLacksPart(ended);
    }
    m_list.setExitCode(ended, result.exitCode);
    m_list.setState(ended, stateOf(result.outcome), result.message);
    Q_EMIT runEnded(ended);
    if (m_process == nullptr) { // else a listener has begun the next run already
        startNext();
    }
    if (!isBusy()) {
        Q_EMIT busyChanged(false);
    }
}

} // namespace interleave::ui
