// SPDX-License-Identifier: GPL-3.0-or-later
// NewestTask: does what takes long on a thread of its own. Only the newest task counts: it stops
// the one before, whose result is dropped. UI thread only.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace interleave::ui {

class NewestTask : public QObject {
public:
    /// What to do with the result, in the UI thread.
    using Then = std::function<void()>;
    /// Runs in the other thread, and soon returns when it is stopped.
    using Task = std::function<Then(const std::stop_token& stop)>;

    explicit NewestTask(QObject* parent = nullptr);
    ~NewestTask() override;

    void start(Task task);
    void cancel();
    bool isBusy() const { return m_isBusy; }

private:
    void work(const std::stop_token& end);
    void finish(std::uint64_t number, const Then& then);

    bool m_isBusy = false;
    std::uint64_t m_number = 0; // of the newest task

    std::mutex m_mutex; // for what follows
    std::condition_variable_any m_arrived;
    std::optional<Task> m_next;
    std::uint64_t m_nextNumber = 0;
    std::stop_source m_stop; // of the newest task

    std::jthread m_thread; // last: ends before what it uses goes
};

} // namespace interleave::ui
