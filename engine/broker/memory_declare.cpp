// SPDX-License-Identifier: GPL-3.0-or-later
// MemoryCore: exchanges, queues and bindings come and go.
#include "engine/broker/memory_core.h"

#include <fmt/format.h>

namespace interleave::broker {

namespace {

constexpr std::string_view kReserved = "amq.";

/// The first argument in which they differ, as RabbitMQ says it; empty: they are the same.
template <class T>
void compare(std::string& difference, std::string_view name, const T& asked, const T& there) {
    if (difference.empty() && asked != there) {
        difference = fmt::format("inequivalent arg '{}'", name);
    }
}

std::optional<std::int64_t> inMilliseconds(const std::optional<Nanoseconds>& ns) {
    return ns ? std::optional(toMilliseconds(*ns)) : std::nullopt;
}

std::string differenceOf(const QueueSpec& asked, const QueueSpec& there) {
    std::string difference;
    compare(difference, "durable", asked.isDurable, there.isDurable);
    compare(difference, "auto_delete", asked.isAutoDelete, there.isAutoDelete);
    compare(difference, "exclusive", asked.isExclusive, there.isExclusive);
    compare(difference, "x-message-ttl", inMilliseconds(asked.messageTtlNs),
            inMilliseconds(there.messageTtlNs));
    compare(difference, "x-max-length", asked.maxLength, there.maxLength);
    compare(difference, "x-overflow", asked.overflow, there.overflow);
    compare(difference, "x-dead-letter-exchange", asked.deadLetterExchange,
            there.deadLetterExchange);
    compare(difference, "x-dead-letter-routing-key", asked.deadLetterKey, there.deadLetterKey);
    compare(difference, "x-max-priority", asked.maxPriority, there.maxPriority);
    return difference;
}

std::string differenceOf(const ExchangeSpec& asked, const ExchangeSpec& there) {
    std::string difference;
    compare(difference, "type", asked.kind, there.kind);
    compare(difference, "durable", asked.isDurable, there.isDurable);
    compare(difference, "auto_delete", asked.isAutoDelete, there.isAutoDelete);
    compare(difference, "alternate-exchange", asked.alternate, there.alternate);
    return difference;
}

} // namespace

Result<void> MemoryCore::declare(Channel& channel, const ExchangeSpec& spec) {
    const auto action = [&] { return fmt::format("declare exchange \"{}\"", spec.name); };
    if (spec.name.empty()) {
        return refuse(channel, ReplyCode::AccessRefused, action(),
                      "operation not permitted on the default exchange");
    }
    const auto there = m_exchanges.find(spec.name);
    if (there == m_exchanges.end()) {
        if (spec.name.starts_with(kReserved)) {
            return refuse(
                channel, ReplyCode::AccessRefused, action(),
                fmt::format("exchange name '{}' contains reserved prefix 'amq.*'", spec.name));
        }
        m_exchanges.emplace(spec.name, std::make_unique<MemoryExchange>(spec));
        return {};
    }
    const std::string difference = differenceOf(spec, there->second->spec());
    if (!difference.empty()) {
        return refuse(channel, ReplyCode::PreconditionFailed, action(),
                      fmt::format("{} for exchange '{}'", difference, spec.name));
    }
    return {};
}

Result<QueueState> MemoryCore::declare(Channel& channel, const QueueSpec& spec) {
    QueueSpec wanted = spec;
    if (wanted.name.empty()) {
        wanted.name = inventName("amq.gen-");
    } else if (m_queues.contains(wanted.name)) {
        const auto found = findQueue(channel, wanted.name, "declare");
        if (!found) {
            return std::unexpected(found.error());
        }
        const std::string difference = differenceOf(wanted, (*found)->spec());
        if (!difference.empty()) {
            return refuse(channel, ReplyCode::PreconditionFailed,
                          fmt::format("declare queue \"{}\"", wanted.name),
                          fmt::format("{} for queue '{}'", difference, wanted.name));
        }
        return inspect(channel, wanted.name);
    } else if (wanted.name.starts_with(kReserved)) {
        return refuse(channel, ReplyCode::AccessRefused,
                      fmt::format("declare queue \"{}\"", wanted.name),
                      fmt::format("queue name '{}' contains reserved prefix 'amq.*'", wanted.name));
    }
    const std::string name = wanted.name;
    const Channel* owner = wanted.isExclusive ? &channel : nullptr;
    m_queues.emplace(name, std::make_unique<MemoryQueue>(std::move(wanted), owner));
    return QueueState{name};
}

Result<QueueState> MemoryCore::inspect(Channel& channel, const std::string& name) {
    const auto found = findQueue(channel, name, "inspect");
    if (!found) {
        return std::unexpected(found.error());
    }
    expireHeads(**found);
    settle();
    return QueueState{name, static_cast<std::uint32_t>((*found)->size()),
                      static_cast<std::uint32_t>((*found)->consumers.size())};
}

Result<void> MemoryCore::bind(Channel& channel, const std::string& exchange,
                              const std::string& queue, const routing::Binding& binding) {
    if (exchange.empty()) {
        return refuse(channel, ReplyCode::AccessRefused, fmt::format("bind queue \"{}\"", queue),
                      "operation not permitted on the default exchange");
    }
    const auto from = findExchange(channel, exchange, "bind to");
    if (!from) {
        return std::unexpected(from.error());
    }
    const auto to = findQueue(channel, queue, "bind");
    if (!to) {
        return std::unexpected(to.error());
    }
    (*from)->bind(**to, binding);
    return {};
}

Result<void> MemoryCore::unbind(Channel& channel, const std::string& exchange,
                                const std::string& queue, const routing::Binding& binding) {
    if (exchange.empty()) {
        return refuse(channel, ReplyCode::AccessRefused, fmt::format("unbind queue \"{}\"", queue),
                      "operation not permitted on the default exchange");
    }
    // What isn't there is unbound, for RabbitMQ too.
    const auto from = m_exchanges.find(exchange);
    const auto to = m_queues.find(queue);
    if (from == m_exchanges.end() || to == m_queues.end()) {
        return {};
    }
    const bool hadBindings = from->second->hasBindings();
    from->second->unbind(*to->second, binding);
    if (from->second->spec().isAutoDelete && hadBindings && !from->second->hasBindings()) {
        m_exchanges.erase(from);
    }
    return {};
}

Result<std::uint32_t> MemoryCore::purge(Channel& channel, const std::string& name) {
    const auto found = findQueue(channel, name, "purge");
    if (!found) {
        return std::unexpected(found.error());
    }
    std::uint32_t count = 0;
    for (const QueueEntry& entry : (*found)->takeAll()) {
        tell(Fate::Purged, name, *entry.message);
        ++count;
    }
    setTimer(**found);
    return count;
}

Result<std::uint32_t> MemoryCore::removeQueue(Channel& channel, const std::string& name) {
    if (!m_queues.contains(name)) {
        return 0u; // removed is removed, for RabbitMQ too
    }
    const auto found = findQueue(channel, name, "remove");
    if (!found) {
        return std::unexpected(found.error());
    }
    const auto count = static_cast<std::uint32_t>((*found)->size());
    removeQueue(**found);
    return count;
}

Result<void> MemoryCore::removeExchange(Channel& channel, const std::string& name) {
    if (name.empty() || name.starts_with(kReserved)) {
        return refuse(channel, ReplyCode::AccessRefused,
                      fmt::format("remove exchange \"{}\"", name), "it is the broker's own");
    }
    m_exchanges.erase(name);
    return {};
}

} // namespace interleave::broker
