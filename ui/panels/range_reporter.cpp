// SPDX-License-Identifier: GPL-3.0-or-later
// RangeReporter: one jthread that sleeps while there is nothing to do.
#include "ui/panels/range_reporter.h"

namespace interleave::ui {

RangeReporter::RangeReporter(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& stop) { work(stop); }) {}

RangeReporter::~RangeReporter() {
    m_thread.request_stop();
    m_thread.join(); // before this object can't receive any more
}

void RangeReporter::ask(RecordingPtr recording, const analysis::RangeQuestion& question) {
    ++m_open;
    {
        const std::lock_guard lock(m_mutex);
        m_task = Task{std::move(recording), question};
        ++m_waiting;
    }
    m_hasTask.notify_one();
}

void RangeReporter::work(const std::stop_token& stop) {
    for (;;) {
        Task task;
        int answers = 0;
        {
            std::unique_lock lock(m_mutex);
            if (!m_hasTask.wait(lock, stop, [this] { return m_task.has_value(); })) {
                return;
            }
            task = std::move(*m_task);
            m_task.reset();
            answers = std::exchange(m_waiting, 0);
        }
        auto report = analysis::rangeReport(*task.recording, task.question, stop);
        if (!report) {
            return; // stopped
        }
        const auto shared = std::make_shared<const analysis::RangeReport>(std::move(*report));
        QMetaObject::invokeMethod(
            this,
            [this, recording = std::move(task.recording), shared, answers] {
                deliver(recording, shared, answers);
            },
            Qt::QueuedConnection);
    }
}

void RangeReporter::deliver(const RecordingPtr& recording, const ReportPtr& report,
                            int answeredTasks) {
    m_open -= answeredTasks;
    Q_EMIT answered(recording, report);
}

} // namespace interleave::ui
