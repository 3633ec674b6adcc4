// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/vanished_watch.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <map>

namespace interleave::models {

VanishedWatch::VanishedWatch(PubsubShared& shared, PubsubLink& link,
                             std::span<const std::unique_ptr<Consumer>> consumers)
    : m_shared(shared)
    , m_link(link)
    , m_consumers(consumers) {}

bool VanishedWatch::look() {
    const std::uint64_t version = m_shared.book.version();
    const Nanoseconds nowNs = monotonicNow();
    if (version != m_version || m_calmSinceNs == 0) {
        m_version = version;
        m_calmSinceNs = nowNs;
        m_isAsked = false;
        return false;
    }
    if (nowNs - m_calmSinceNs < kCalmNs || (!m_link.isUp() && !m_link.tryConnect())) {
        return false;
    }
    if (!m_isAsked) {
        for (const ObjectId queue : m_shared.book.openQueues()) {
            if (!m_shared.table.isHandled(queue) && !isEmptyAtBroker(queue)) {
                m_calmSinceNs = nowNs;
                return false;
            }
        }
        ++m_request;
        for (const auto& consumer : m_consumers) {
            consumer->lookForMore(m_request);
        }
        m_isAsked = true;
        return false;
    }
    if (!haveConsumersFoundNothing() || m_shared.book.version() != m_version) {
        return false;
    }
    for (const ObjectId queue : m_shared.book.openQueues()) {
        tellVanished(m_shared, queue, m_shared.book.openIn(queue));
    }
    return true;
}

bool VanishedWatch::isEmptyAtBroker(ObjectId queue) {
    const auto state = m_link->inspect(m_shared.topology.nameOf(queue));
    if (!state) {
        m_link.failed(state.error());
        return false;
    }
    return state->ready == 0;
}

bool VanishedWatch::haveConsumersFoundNothing() const {
    return std::ranges::all_of(
        m_consumers, [this](const auto& consumer) { return consumer->foundNothing(m_request); });
}

void tellVanished(PubsubShared& shared, ObjectId queue, std::span<const std::uint32_t> numbers) {
    const scenario::MessageQueueDeclaration& declaration = shared.table.declarationOf(queue);
    for (const std::uint32_t number : numbers) {
        const bool expires =
            declaration.ttlNs > 0 || shared.table.find(number)->step->expiresNs > 0;
        const broker::Fate likely = expires                     ? broker::Fate::Expired
                                    : declaration.maxLength > 0 ? broker::Fate::Overflowed
                                                                : broker::Fate::Lost;
        shared.book.tell(likely, number, queue);
    }
}

void lookWhatIsLeft(PubsubShared& shared, broker::Connection& connection) {
    std::map<ObjectId, std::vector<std::uint32_t>> found;
    for (const ObjectId queue : shared.topology.queues()) {
        while (true) {
            const auto delivery = connection.get(shared.topology.nameOf(queue), true);
            if (!delivery || !*delivery) {
                break; // an error is the end of what can be known
            }
            const std::uint32_t number = MessageBook::numberOf((*delivery)->properties);
            if (shared.table.find(number) == nullptr) {
                shared.book.foreign();
                continue;
            }
            shared.book.found(**delivery, number, queue);
            found[queue].push_back(number);
        }
    }
    for (const ObjectId queue : shared.topology.queues()) {
        std::vector<std::uint32_t> gone = shared.book.openIn(queue);
        for (const std::uint32_t number : found[queue]) {
            if (const auto one = std::ranges::find(gone, number); one != gone.end()) {
                gone.erase(one);
            }
        }
        tellVanished(shared, queue, gone);
    }
}

} // namespace interleave::models
