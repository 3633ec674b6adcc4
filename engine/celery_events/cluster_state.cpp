// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/cluster_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace interleave::celery_events {

namespace {

constexpr Nanoseconds kIdleClientNs = 10 * kSecond;
constexpr Nanoseconds kShortestSilenceNs = 10 * kSecond;
constexpr Nanoseconds kBeatsMissed = 4;

constexpr Nanoseconds kLongestWayNs = 5 * kSecond; // of a message to us, usually

/// "celery@host": "host"
std::string_view hostOf(std::string_view node) {
    return node.substr(std::min(node.size(), node.find('@') + 1)); // npos + 1 is 0
}

constexpr std::array<std::pair<State, const char*>, 4> kLevels{{
    {State::Queued, "tasks queued"},
    {State::Reserved, "tasks reserved"},
    {State::Running, "tasks running"},
    {State::Retrying, "tasks retrying"},
}};

} // namespace

ClusterNode* ClusterState::heard(const ClusterEvent& event, std::optional<Nanoseconds> askedNs) {
    auto place = m_nodes.find(event.node);
    if (place == m_nodes.end()) {
        if (m_nodes.size() >= m_limits.nodes) {
            removeIdleClients(event.arrivalNs);
        }
        if (m_nodes.size() >= m_limits.nodes) {
            ++m_unfollowed;
            return nullptr;
        }
        place = m_nodes.emplace(event.node, std::make_unique<ClusterNode>()).first;
        place->second->name = event.node;
    }
    ClusterNode& node = *place->second;
    // A heartbeat that was asked for doesn't say how many tasks are active. Another monitor may
    // have asked, but not more than a moment before an answer to us that is taken for ours.
    const bool isAnswer = event.type == EventType::WorkerHeartbeat && !event.active && askedNs &&
                          node.answeredNs != askedNs;
    if (isAnswer) {
        node.answeredNs = askedNs;
    }
    node.clock.heard(event.stampNs, event.arrivalNs, isAnswer ? askedNs : std::nullopt);
    node.heardNs = event.arrivalNs;
    return &node;
}

/// Clients can't be asked for the time, and most don't live long enough to be known by their
/// fastest message. The clock of a worker on the same host is the same one, if that can be true.
Nanoseconds ClusterState::timeOf(const ClusterEvent& event, const ClusterNode& node) const {
    if (!node.isWorker) {
        const auto beside = m_workerOfHost.find(hostOf(node.name));
        if (beside != m_workerOfHost.end()) {
            const Nanoseconds at = beside->second->clock.monotonicOf(event.stampNs);
            if (at <= event.arrivalNs && event.arrivalNs - at < kLongestWayNs) {
                return at;
            }
        }
    }
    return std::min(node.clock.monotonicOf(event.stampNs), event.arrivalNs);
}

/// Clients come and go. None is needed any more when what it sent has been told.
void ClusterState::removeIdleClients(Nanoseconds now) {
    std::erase_if(m_nodes, [&](const auto& entry) {
        ClusterNode& node = *entry.second;
        const bool isIdle = !node.isWorker && now - node.heardNs > kIdleClientNs;
        if (isIdle && node.main != 0) {
            m_session.close(node.main, node.heardNs);
        }
        return isIdle;
    });
}

void ClusterState::apply(const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
    ++(event.isOfTask() ? m_taskEvents : m_workerEvents);
    const bool isOfWorker = event.type != EventType::TaskSent;
    if (node.main != 0 && isOfWorker && event.pid != 0 && node.pid != 0 && event.pid != node.pid) {
        leave(node, at, false); // started anew under the same name
    }
    if (event.type == EventType::WorkerOffline) {
        if (node.main != 0) {
            leave(node, at, true);
        }
        return;
    }
    node.pid = event.pid != 0 && (isOfWorker || node.pid == 0) ? event.pid : node.pid;
    node.isWorker = node.isWorker || isOfWorker;
    if (node.isWorker) {
        m_workerOfHost[std::string(hostOf(node.name))] = &node;
    }
    if (node.main == 0) {
        open(node, at);
    }
    if (!event.isOfTask()) {
        applyHeartbeat(event, node, at);
        return;
    }
    node.taskEvents += isOfWorker ? 1 : 0;
    m_tasks.apply(event, node, at);
}

void ClusterState::applyHeartbeat(const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
    const auto show = [&](std::uint32_t& counter, const char* what, const char* unit,
                          const char* scale, std::uint32_t value) {
        if (counter == 0) {
            counter =
                m_session.addCounter(fmt::format("{} of {}", what, node.name), unit, scale, at);
        }
        m_session.level(counter, value, at);
    };
    if (event.active) {
        show(node.activeCounter, "active", "tasks", "1", *event.active);
    }
    if (event.processed) {
        show(node.processedCounter, "processed", "tasks", "1", *event.processed);
        node.firstProcessed = node.firstProcessed.value_or(*event.processed);
        if (*event.processed < *node.firstProcessed) {
            node.firstProcessed = event.processed;
        }
        node.processedUnseen = node.taskEvents == 0 ? *event.processed - *node.firstProcessed : 0;
    }
    if (event.load) {
        show(node.loadCounter, "load", "load", "0.01",
             static_cast<std::uint32_t>(*event.load * 100 + 0.5));
    }
    if (event.everyNs && event.active) { // a requested one says something else
        node.everyNs = event.everyNs;
    }
}

void ClusterState::open(ClusterNode& node, Nanoseconds at) {
    node.openedNs = at;
    node.main = m_session.open(node.name, record::StreamRole::Control, node.pid, at);
    if (node.isWorker) {
        ++m_workers;
        m_session.mark(fmt::format("{} is there", node.name), at);
    }
}

void ClusterState::leave(ClusterNode& node, Nanoseconds at, bool isOrderly) {
    m_tasks.workerLeft(node, at, isOrderly);
    for (const StreamNumber stream : node.slotStreams) {
        m_session.close(stream, at);
    }
    m_session.close(std::exchange(node.main, 0), at);
    node.slotStreams.clear();
    node.places = PoolSlots();
    node.queues.clear();
    node.firstProcessed.reset();
    node.pid = 0;
    if (node.isWorker) {
        m_session.mark(node.name + (isOrderly ? " has left" : " went without a word"), at);
        m_vanished += isOrderly ? 0 : 1;
    }
}

void ClusterState::tick(Nanoseconds at) {
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        Shown& shown = m_shown[i];
        const auto& [state, name] = kLevels[i];
        const std::uint32_t value = m_tasks.countOf(state);
        const bool isNew = shown.counter == 0;
        if (isNew) {
            shown.counter = m_session.addCounter(name, "tasks", "1", at);
        }
        // One is shown in any case: that much is known of the timeline.
        if (isNew || shown.value != value || state == State::Running) {
            m_session.level(shown.counter, value, at);
            shown.value = value;
        }
    }
    for (auto& [name, node] : m_nodes) {
        if (!node->isWorker || node->main == 0 || !node->everyNs) {
            continue;
        }
        const Nanoseconds silence = std::max(kBeatsMissed * *node->everyNs, kShortestSilenceNs);
        if (at - node->heardNs > silence) {
            leave(*node, node->heardNs, false);
        }
    }
}

void ClusterState::close(Nanoseconds at) {
    tick(at);
    for (auto& [name, node] : m_nodes) {
        if (node->main == 0) {
            continue;
        }
        for (const StreamNumber stream : node->slotStreams) {
            m_session.close(stream, at);
        }
        m_session.close(std::exchange(node->main, 0), at);
    }
}

} // namespace interleave::celery_events
