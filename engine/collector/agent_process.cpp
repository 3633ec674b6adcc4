// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_process.h"

#include "engine/record/event.h"
#include "engine/recording/recording.h"

namespace interleave::collector {

void NumberMap::set(std::uint32_t own, std::uint32_t number) {
    constexpr std::size_t kSlack = record::kMaxObjects + std::size_t{1};
    if (own >= m_dense.size() && own < 2 * m_dense.size() + kSlack) {
        m_dense.resize(own + std::size_t{1}, 0);
    }
    if (own < m_dense.size()) {
        m_dense[own] = number;
        m_sparse.erase(own);
    } else {
        m_sparse[own] = number;
    }
}

ObjectRole roleOfKind(std::string_view kind) {
    if (kind == "gil") {
        return ObjectRole::Gil;
    }
    if (kind == "queue" || kind == recording::kMessageQueueKind ||
        recording::isExchangeKind(kind)) {
        return ObjectRole::Queue;
    }
    return kind == "condition" || kind == "barrier" || kind == "event" ? ObjectRole::Condition
                                                                       : ObjectRole::Lock;
}

} // namespace interleave::collector
