// SPDX-License-Identifier: GPL-3.0-or-later
// RunStop: one bell that ends a run, whatever its tasks are doing. Ringing it cancels every wait on
// a shared object, makes the descriptor readable for those that wait in poll(), and tells whoever
// registered. Asking the run's stop_token rings it; so does a deadlock.
#pragma once

#include "engine/base/result.h"
#include "engine/models/sync/shared_objects.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace interleave::models {

class RunStop {
public:
    /// `onRing` is called in the thread that rings, at most once; it must not block.
    static Result<std::unique_ptr<RunStop>> create(std::stop_token token, SharedObjects& objects,
                                                   std::function<void()> onRing = {});
    RunStop(const RunStop&) = delete;
    RunStop& operator=(const RunStop&) = delete;
    ~RunStop();

    void ring();
    bool isRung() const { return m_isRung.load(std::memory_order_acquire); }
    /// Readable once the bell has been rung; close-on-exec.
    int fd() const { return m_fd; }

private:
    RunStop(int fd, SharedObjects& objects, std::function<void()> onRing);

    int m_fd;
    SharedObjects& m_objects;
    std::function<void()> m_onRing;
    std::atomic<bool> m_isRung{false};
    std::unique_ptr<std::stop_callback<std::function<void()>>> m_callback;
};

} // namespace interleave::models
