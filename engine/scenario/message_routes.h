// SPDX-License-Identifier: GPL-3.0-or-later
// MessageRoutes: which queues of a scenario a message can reach, by the rules of routing.h:
// bindings, alternate exchanges, and on from queue to queue by dead-letter exchanges.
#pragma once

#include "engine/scenario/scenario.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace interleave::scenario {

class MessageRoutes {
public:
    explicit MessageRoutes(const Scenario& scenario);

    struct Reach {
        std::vector<std::size_t> queues; // each once; those that the message lies in at once first
        std::size_t routed = 0;          // of them, the latter
    };
    /// Of the messages with key `key` (an index) of a publish step of this scenario.
    const Reach& of(const PublishStep& step, std::size_t key);
    /// More bindings had to be looked at than any sane scenario has; what of() says is not all.
    bool isTooLarge() const { return m_looks > kMostLooks; }

    /// The task that handles the messages of a queue.
    std::optional<std::size_t> handlerOf(std::size_t queue) const { return m_handlers[queue]; }

private:
    using Exchange = std::optional<std::size_t>; // none: the default one
    struct Lying {
        std::size_t queue;
        std::string key;
        auto operator<=>(const Lying&) const = default;
    };
    static constexpr std::uint64_t kMostLooks = 2'000'000;

    Reach reach(const PublishStep& step, const std::string& key);
    /// The queues behind an exchange, in the order of their declaration.
    std::vector<std::size_t> routed(Exchange exchange, const std::string& key,
                                    const routing::Headers& headers);
    bool canDie(std::size_t queue, bool expires) const;

    const Scenario& m_scenario;
    std::map<std::string, std::size_t> m_queuesByName;
    struct BoundQueue {
        std::size_t queue;
        const routing::Binding* binding;
    };
    std::vector<std::vector<BoundQueue>> m_bound; // by exchange
    std::vector<std::optional<std::size_t>> m_handlers;
    std::map<std::pair<const PublishStep*, std::size_t>, Reach> m_known;
    std::uint64_t m_looks = 0;
};

} // namespace interleave::scenario
