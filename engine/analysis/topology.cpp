// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/topology.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace interleave::analysis {

using recording::MessageEvent;
using recording::MessageStep;
using recording::Recording;

namespace {

constexpr std::string_view kExchange = "-exchange";

bool isExchange(const recording::ObjectInfo& object) {
    return object.kind.ends_with(kExchange);
}

bool isQueue(const recording::ObjectInfo& object) {
    return object.kind == "message-queue";
}

std::uint64_t nodeKey(NodeKind kind, std::uint32_t id) {
    return static_cast<std::uint64_t>(kind) << 32 | id;
}

std::uint64_t edgeKey(EdgeKind kind, std::uint32_t from, std::uint32_t to) {
    return static_cast<std::uint64_t>(kind) << 60 | static_cast<std::uint64_t>(from) << 30 | to;
}

template <class Map, class Key>
std::optional<std::uint32_t> valueIn(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

/// Who published: the group of the task, else the thread.
std::string publisherName(const Recording& recording, const MessageEvent& event) {
    if (event.task && event.task.value <= recording.tasks.size()) {
        const recording::TaskInfo& task = recording.task(event.task);
        return task.group.empty() ? task.name : task.group;
    }
    if (event.worker && event.worker.value <= recording.workers.size()) {
        return recording.worker(event.worker).name;
    }
    return {};
}

} // namespace

class TopologyBuilder {
public:
    explicit TopologyBuilder(const Recording& recording)
        : m_recording(recording) {}

    Topology build() {
        addPublishers();
        addExchanges();
        addQueues();
        addConsumers();
        addBindings();
        addSeenEdges();
        return std::move(m_topology);
    }

private:
    std::uint32_t add(TopologyNode node, std::uint32_t id) {
        const auto index = static_cast<std::uint32_t>(m_topology.nodes.size());
        m_topology.m_nodes.emplace(nodeKey(node.kind, id), index);
        m_topology.nodes.push_back(std::move(node));
        return index;
    }

    void addPublishers() {
        for (const MessageEvent& event : m_recording.messages) {
            if (event.step != MessageStep::Published) {
                continue;
            }
            m_usesDefault = m_usesDefault || event.object.isNone();
            const std::string name = publisherName(m_recording, event);
            auto [known, isNew] = m_topology.m_publishers.try_emplace(name, 0);
            if (isNew) {
                TopologyNode node;
                node.kind = NodeKind::Publisher;
                node.name = name;
                node.worker = event.worker;
                known->second = add(std::move(node),
                                    static_cast<std::uint32_t>(m_topology.m_publishers.size()));
            }
            // Those of one task come in a row, mostly.
            auto& tasks = m_topology.nodes[known->second].publishers;
            if (event.task && (tasks.empty() || tasks.back() != event.task)) {
                tasks.push_back(event.task);
            }
        }
        for (TopologyNode& node : m_topology.nodes) {
            std::ranges::sort(node.publishers);
            const auto doubles = std::ranges::unique(node.publishers);
            node.publishers.erase(doubles.begin(), doubles.end());
        }
    }

    void addExchanges() {
        if (m_usesDefault) {
            TopologyNode node;
            node.kind = NodeKind::Exchange;
            node.type = "default";
            add(std::move(node), 0);
        }
        forEachObject(isExchange, [&](const recording::ObjectInfo& object, ObjectId id) {
            TopologyNode node;
            node.kind = NodeKind::Exchange;
            node.name = object.name;
            node.type = object.kind.substr(0, object.kind.size() - kExchange.size());
            node.object = id;
            add(std::move(node), id.value);
        });
    }

    /// A queue that nothing is bound to, that nobody consumes and no message ever reached may be
    /// one that a model has for other runs; it says nothing of this one.
    std::unordered_set<std::uint32_t> usedQueues() const {
        std::unordered_set<std::uint32_t> used;
        for (const recording::Binding& binding : m_recording.bindings) {
            used.insert(binding.queue.value);
        }
        for (const recording::Consumer& consumer : m_recording.consumers) {
            used.insert(consumer.queue.value);
        }
        for (const MessageEvent& event : m_recording.messages) {
            used.insert(event.object.value);
        }
        return used;
    }

    void addQueues() {
        const auto used = usedQueues();
        forEachObject(isQueue, [&](const recording::ObjectInfo& object, ObjectId id) {
            if (!used.contains(id.value)) {
                return;
            }
            TopologyNode node;
            node.name = object.name;
            node.object = id;
            node.limit = object.capacity;
            add(std::move(node), id.value);
        });
    }

    template <class Which, class Function>
    void forEachObject(Which isWanted, Function function) {
        for (std::uint32_t i = 0; i < m_recording.objects.size(); ++i) {
            if (isWanted(m_recording.objects[i])) {
                function(m_recording.objects[i], ObjectId{i + 1});
            }
        }
    }

    void addConsumers() {
        std::vector<WorkerId> workers;
        for (const recording::Consumer& consumer : m_recording.consumers) {
            workers.push_back(consumer.worker);
        }
        for (const MessageEvent& event : m_recording.messages) {
            // Those without a subscription, and those of programs that nobody records.
            if (event.step == MessageStep::Delivered &&
                (workers.empty() || workers.back() != event.worker)) {
                workers.push_back(event.worker);
            }
        }
        std::ranges::sort(workers);
        const auto doubles = std::ranges::unique(workers);
        workers.erase(doubles.begin(), doubles.end());
        for (const WorkerId worker : workers) {
            TopologyNode node;
            node.kind = NodeKind::Consumer;
            node.worker = worker;
            if (worker && worker.value <= m_recording.workers.size()) {
                node.name = m_recording.worker(worker).name;
            }
            add(std::move(node), worker.value);
        }
        for (const recording::Consumer& consumer : m_recording.consumers) {
            const auto queue = m_topology.queue(consumer.queue);
            const auto index = m_topology.consumer(consumer.worker);
            TopologyNode& node = m_topology.nodes[*index];
            node.limit = std::max(node.limit, consumer.prefetch);
            node.lives.push_back(consumer.life);
            if (queue) {
                connect(EdgeKind::Consume, *queue, *index);
            }
        }
        for (TopologyNode& node : m_topology.nodes) {
            std::ranges::sort(node.lives, {}, &TimeRange::beginNs);
        }
    }

    TopologyEdge& connect(EdgeKind kind, std::uint32_t from, std::uint32_t to) {
        const auto index = static_cast<std::uint32_t>(m_topology.edges.size());
        const auto [known, isNew] = m_topology.m_edges.try_emplace(edgeKey(kind, from, to), index);
        if (isNew) {
            m_topology.edges.push_back({kind, from, to, {}});
        }
        return m_topology.edges[known->second];
    }

    void addBindings() {
        for (const recording::Binding& binding : m_recording.bindings) {
            const auto exchange = m_topology.exchange(binding.exchange);
            const auto queue = m_topology.queue(binding.queue);
            if (!exchange || !queue) {
                continue;
            }
            auto& keys = connect(EdgeKind::Route, *exchange, *queue).keys;
            if (std::ranges::find(keys, binding.key) == keys.end()) {
                keys.push_back(binding.key);
            }
        }
    }

    /// What messages did that no binding and no consumer says: the default exchange, an alternate
    /// one, dead letters, a single message that was fetched.
    void addSeenEdges() {
        struct Way {
            std::uint32_t exchange = 0;
            bool isKnown = false;
            std::optional<std::uint32_t> diedIn;
        };
        std::unordered_map<std::uint32_t, Way> ways; // by message
        for (const MessageEvent& event : m_recording.messages) {
            const auto queue = m_topology.queue(event.object);
            switch (event.step) {
            case MessageStep::Published: {
                const auto publisher = m_topology.publisher(m_recording, event);
                const auto exchange = m_topology.exchange(event.object);
                if (publisher && exchange) {
                    connect(EdgeKind::Publish, *publisher, *exchange);
                    ways[event.message] = {*exchange, true, std::nullopt};
                }
                break;
            }
            case MessageStep::Queued:
                if (const Way& way = ways[event.message]; queue && way.isKnown) {
                    connect(EdgeKind::Route, way.exchange, *queue);
                }
                break;
            case MessageStep::Delivered:
                if (const auto consumer = m_topology.consumer(event.worker); queue && consumer) {
                    connect(EdgeKind::Consume, *queue, *consumer);
                }
                break;
            case MessageStep::Rejected:
            case MessageStep::Expired:
            case MessageStep::Overflowed:
                ways[event.message].diedIn = queue;
                break;
            case MessageStep::DeadLettered:
                if (const auto diedIn = ways[event.message].diedIn; queue && diedIn) {
                    connect(EdgeKind::DeadLetter, *diedIn, *queue);
                }
                break;
            default:
                break;
            }
        }
    }

    const Recording& m_recording;
    Topology m_topology;
    bool m_usesDefault = false;
};

std::optional<std::uint32_t> Topology::exchange(ObjectId object) const {
    return valueIn(m_nodes, nodeKey(NodeKind::Exchange, object.value));
}

std::optional<std::uint32_t> Topology::queue(ObjectId object) const {
    return valueIn(m_nodes, nodeKey(NodeKind::Queue, object.value));
}

std::optional<std::uint32_t> Topology::consumer(WorkerId worker) const {
    return valueIn(m_nodes, nodeKey(NodeKind::Consumer, worker.value));
}

std::optional<std::uint32_t> Topology::publisher(const Recording& recording,
                                                 const MessageEvent& published) const {
    return valueIn(m_publishers, publisherName(recording, published));
}

std::optional<std::uint32_t> Topology::edge(EdgeKind kind, std::uint32_t from,
                                            std::uint32_t to) const {
    return valueIn(m_edges, edgeKey(kind, from, to));
}

Topology topologyOf(const Recording& recording) {
    return TopologyBuilder(recording).build();
}

} // namespace interleave::analysis
