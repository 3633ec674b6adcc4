// SPDX-License-Identifier: GPL-3.0-or-later
// StopOnSignals: turns SIGINT, SIGTERM and SIGHUP into a stop request, so that a run ends orderly
// and keeps what it recorded. A second SIGINT or SIGTERM ends the program at once.
#pragma once

#include <stop_token>
#include <thread>

namespace interleave::app {

class StopOnSignals {
public:
    /// Blocks the signals in the calling thread (and so in all threads it makes from now on) and
    /// waits for them in a thread of its own. Call it before any other thread starts.
    StopOnSignals();
    StopOnSignals(const StopOnSignals&) = delete;
    StopOnSignals& operator=(const StopOnSignals&) = delete;
    ~StopOnSignals();

    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::jthread m_waiter; // last: it uses the source
};

} // namespace interleave::app
