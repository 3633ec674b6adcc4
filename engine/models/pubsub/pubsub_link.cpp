// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/pubsub_link.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <fmt/format.h>
#include <poll.h>

namespace interleave::models {

namespace {

constexpr Nanoseconds kFirstRetryNs = 5'000'000;
constexpr Nanoseconds kLongestRetryNs = 200'000'000;

/// False: the descriptor became readable before.
bool pause(Nanoseconds lengthNs, int wakeFd) {
    pollfd watched{wakeFd, POLLIN, 0};
    const timespec timeout{0, static_cast<long>(lengthNs)};
    return ppoll(&watched, 1, &timeout, nullptr) <= 0;
}

} // namespace

bool PubsubLink::tryConnect() {
    auto connection = m_shared.broker.connect(m_name);
    if (connection && m_wasUp) {
        if (auto declared = m_shared.topology.declare(**connection); !declared) {
            connection = std::unexpected(declared.error());
        }
    }
    if (connection) {
        m_connection = std::move(*connection);
        m_wasUp = true;
        m_downSinceNs = 0;
        return true;
    }
    const Nanoseconds nowNs = monotonicNow();
    m_downSinceNs = m_downSinceNs == 0 ? nowNs : m_downSinceNs;
    if (nowNs - m_downSinceNs > kPatienceNs) {
        m_shared.trouble.giveUp(
            {fmt::format("The broker has not come back for {}: {}", formatDuration(kPatienceNs),
                         connection.error().message),
             ErrorKind::MissingPart});
    }
    return false;
}

bool PubsubLink::connect(int wakeFd) {
    Nanoseconds pauseNs = kFirstRetryNs;
    while (!m_shared.isOver()) {
        if (isUp() || tryConnect()) {
            return true;
        }
        if (!pause(pauseNs, wakeFd)) {
            return false;
        }
        pauseNs = std::min(2 * pauseNs, kLongestRetryNs);
    }
    return false;
}

void PubsubLink::failed(const Error& error) {
    if (m_connection != nullptr && !m_connection->isLost()) {
        m_shared.trouble.giveUp(error);
    }
    drop();
}

void PubsubLink::cut() {
    if (m_connection != nullptr) {
        m_connection->cut();
        drop();
    }
}

} // namespace interleave::models
