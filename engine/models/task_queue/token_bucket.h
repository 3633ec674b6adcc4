// SPDX-License-Identifier: GPL-3.0-or-later
// TokenBucket: so many starts a second, evenly: one token at most lies in it, as in Celery's. Pure;
// the caller has the clock.
#pragma once

#include "engine/base/time.h"

namespace interleave::models {

class TokenBucket {
public:
    explicit TokenBucket(double perSecond)
        : m_gapNs(static_cast<Nanoseconds>(1e9 / perSecond)) {}

    /// When a token will be there, at the earliest.
    Nanoseconds readyNs() const { return m_nextNs; }
    /// Takes one if there is one.
    bool take(Nanoseconds nowNs) {
        if (nowNs < m_nextNs) {
            return false;
        }
        m_nextNs = nowNs + m_gapNs;
        return true;
    }

private:
    Nanoseconds m_gapNs;
    Nanoseconds m_nextNs = 0;
};

} // namespace interleave::models
