// SPDX-License-Identifier: GPL-3.0-or-later
// NewestTask: one jthread that sleeps while there is nothing to do.
#include "ui/view_state/newest_task.h"

#include <utility>

namespace interleave::ui {

NewestTask::NewestTask(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& end) { work(end); }) {}

NewestTask::~NewestTask() {
    cancel();
}

void NewestTask::start(Task task) {
    m_isBusy = true;
    {
        const std::lock_guard lock(m_mutex);
        m_stop.request_stop();
        m_stop = std::stop_source();
        m_next = std::move(task);
        m_nextNumber = ++m_number;
    }
    m_arrived.notify_one();
}

void NewestTask::cancel() {
    m_isBusy = false;
    ++m_number; // what is under way belongs to nobody
    const std::lock_guard lock(m_mutex);
    m_stop.request_stop();
    m_next.reset();
}

void NewestTask::work(const std::stop_token& end) {
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_arrived.wait(lock, end, [this] { return m_next.has_value(); })) {
            return;
        }
        const Task task = *std::exchange(m_next, std::nullopt);
        const std::uint64_t number = m_nextNumber;
        const std::stop_token stop = m_stop.get_token();
        lock.unlock();
        QMetaObject::invokeMethod(
            this, [this, number, then = task(stop)] { finish(number, then); },
            Qt::QueuedConnection);
    }
}

void NewestTask::finish(std::uint64_t number, const Then& then) {
    if (number == m_number) {
        m_isBusy = false;
        if (then) {
            then();
        }
    }
}

} // namespace interleave::ui
