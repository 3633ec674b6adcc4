// SPDX-License-Identifier: GPL-3.0-or-later
// RangeReporter: asks for range reports on a thread of its own, so that the window never waits for
// ten million spans. While one is made only the latest further question is kept, so numbers follow
// a drag as fast as they can be had and end with the right ones.
#pragma once

#include "ui/view_state/view_state.h"

#include "engine/analysis/range_report.h"

#include <QObject>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace interleave::ui {

class RangeReporter : public QObject {
    Q_OBJECT

public:
    using RecordingPtr = ViewState::RecordingPtr;
    using ReportPtr = std::shared_ptr<const analysis::RangeReport>;

    explicit RangeReporter(QObject* parent = nullptr);
    ~RangeReporter() override;

    void ask(RecordingPtr recording, const analysis::RangeQuestion& question);
    /// Whether an answer is still to come.
    bool isBusy() const { return m_open > 0; }

Q_SIGNALS:
    /// In the thread of this object.
    void answered(const interleave::ui::RangeReporter::RecordingPtr& recording,
                  const interleave::ui::RangeReporter::ReportPtr& report);

private:
    struct Task {
        RecordingPtr recording;
        analysis::RangeQuestion question;
    };

    void work(const std::stop_token& stop);
    void deliver(const RecordingPtr& recording, const ReportPtr& report, int answeredTasks);

    std::mutex m_mutex;
    std::condition_variable_any m_hasTask;
    std::optional<Task> m_task; // guarded by m_mutex
    int m_waiting = 0;          // questions that m_task stands for; guarded by m_mutex
    int m_open = 0;             // questions without an answer; this object's thread only
    std::jthread m_thread;      // last: it uses the others
};

} // namespace interleave::ui
