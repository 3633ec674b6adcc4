// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/message_tables.h"

#include "engine/scenario/fault.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::size_t kLongestKey = 255; // of AMQP: a length of one byte
constexpr std::array<std::string_view, 4> kExchangeKinds{"direct", "fanout", "topic", "headers"};
constexpr std::array<std::string_view, 2> kOverflows{"drop-head", "reject-publish"};
constexpr std::array<std::string_view, 2> kMatches{"all", "any"};
constexpr std::string_view kBindForm =
    "bindings are written [ { exchange = \"events\", key = \"order.*\" } ]";

/// The place of a text among the allowed ones; 0 where it is not given or wrong.
std::size_t choice(TableReader& table, std::string_view key,
                   std::span<const std::string_view> allowed, Problems& problems) {
    const auto given = table.text(key);
    if (!given) {
        return 0;
    }
    const auto known = std::ranges::find(allowed, *given);
    if (known == allowed.end()) {
        const auto meant = nearest(*given, allowed);
        problems.report(table.find(key)->position,
                        fmt::format("{} of {} is {}, {}allowed are {}", key, table.what(),
                                    inQuotes(*given),
                                    meant ? fmt::format("did you mean {}? ", inQuotes(*meant)) : "",
                                    listed(allowed, "and")));
        return 0;
    }
    return static_cast<std::size_t>(known - allowed.begin());
}

std::optional<std::uint32_t> number(TableReader& table, std::string_view key, std::int64_t most) {
    const auto given = table.integer(key, 1, most);
    return given ? std::optional(static_cast<std::uint32_t>(*given)) : std::nullopt;
}

MessageQueueDeclaration::Bind parseBind(const Value& value, const DeclaredNames& names,
                                        Problems& problems) {
    MessageQueueDeclaration::Bind bind{0, {}};
    if (value.kind != Value::Kind::Table) {
        problems.report(value.position,
                        fmt::format("a binding is {}, {}", describe(value.kind), kBindForm));
        return bind;
    }
    TableReader table(value, "a binding", problems);
    if (const Value* exchange = table.find("exchange")) {
        bind.exchange = indexOfName(*exchange, "exchange", names.exchanges, problems).value_or(0);
    } else {
        problems.report(value.position,
                        fmt::format("this binding names no exchange, {}", kBindForm));
    }
    if (const Value* key = table.find("key")) {
        bind.binding.key = routingKey(*key, "key of a binding", problems).value_or("");
    }
    bind.binding.headers = parseHeaders(table, "headers", problems);
    bind.binding.match =
        static_cast<routing::HeaderMatch>(choice(table, "match", kMatches, problems));
    table.refuseOthers();
    return bind;
}

void readDeadLetter(TableReader& table, const DeclaredNames& names, MessageQueueDeclaration& queue,
                    Problems& problems) {
    if (const Value* key = table.find("dead_letter_key")) {
        queue.deadLetterKey = routingKey(*key, "dead_letter_key of [[message_queue]]", problems);
    }
    const Value* exchange = table.find("dead_letter");
    if (exchange == nullptr) {
        return;
    }
    if (exchange->kind == Value::Kind::Text && exchange->text.empty()) {
        if (!queue.deadLetterKey) {
            problems.report(exchange->position,
                            "dead_letter = \"\" is the default exchange, which knows queues by "
                            "their names: add dead_letter_key = \"name of a queue\"");
        }
        return;
    }
    queue.deadLetterExchange = indexOfName(*exchange, "exchange", names.exchanges, problems);
}

std::optional<routing::HeaderValue> headerValue(const Value& value) {
    switch (value.kind) {
    case Value::Kind::Text:
        return value.text;
    case Value::Kind::Integer:
        return value.integer;
    case Value::Kind::Boolean:
        return value.boolean;
    default:
        return std::nullopt;
    }
}

} // namespace

ExchangeDeclaration parseExchange(TableReader& table, const DeclaredNames& names,
                                  Problems& problems) {
    ExchangeDeclaration exchange;
    exchange.kind =
        static_cast<routing::ExchangeKind>(choice(table, "kind", kExchangeKinds, problems));
    exchange.isDurable = table.flag("durable").value_or(false);
    if (const Value* alternate = table.find("alternate")) {
        exchange.alternate = indexOfName(*alternate, "exchange", names.exchanges, problems);
    }
    return exchange;
}

MessageQueueDeclaration parseMessageQueue(TableReader& table, const DeclaredNames& names,
                                          Problems& problems) {
    MessageQueueDeclaration queue;
    if (const auto* bindings = table.list("bind", kBindForm)) {
        for (const Value& value : *bindings) {
            queue.bindings.push_back(parseBind(value, names, problems));
        }
    }
    queue.isDurable = table.flag("durable").value_or(false);
    queue.ttlNs = brokerDuration(table, "ttl", problems);
    queue.maxLength = number(table, "max_length", kMostTasks).value_or(0);
    const Value* overflow = table.find("overflow");
    queue.overflow = static_cast<QueueOverflow>(choice(table, "overflow", kOverflows, problems));
    if (overflow != nullptr && table.find("max_length") == nullptr) {
        problems.report(overflow->position,
                        "overflow without max_length does nothing, add max_length = 100");
    }
    readDeadLetter(table, names, queue, problems);
    queue.maxPriority = static_cast<std::uint8_t>(number(table, "max_priority", 255).value_or(0));
    return queue;
}

TaskWorkerDeclaration parseTaskWorker(TableReader& table, const DeclaredNames& names,
                                      Problems& problems) {
    TaskWorkerDeclaration worker;
    constexpr std::string_view kForm = "queues are written [ \"fast\", \"slow\" ]";
    if (const auto* queues = table.list("queues", kForm)) {
        if (queues->empty()) {
            problems.report(table.find("queues")->position,
                            "queues of [[worker]] is empty, such a worker does nothing: name some, "
                            "or leave queues out for all");
        }
        for (const Value& value : *queues) {
            const auto queue = indexOfName(value, "message_queue", names.messageQueues, problems);
            if (queue && std::ranges::find(worker.queues, *queue) == worker.queues.end()) {
                worker.queues.push_back(*queue);
            }
        }
    }
    worker.slotCount = number(table, "slots", 1024);
    worker.prefetch = number(table, "prefetch", 0xffff);
    return worker;
}

Fault parseFaultTable(TableReader& table, Problems& problems) {
    Fault fault;
    fault.line = table.position().line;
    if (table.find("do") == nullptr) {
        problems.report(table.position(),
                        "this [[fault]] does not say what happens, add do = \"kill-worker\"");
    }
    fault.kind = static_cast<Fault::Kind>(choice(table, "do", kFaultKinds, problems));
    const std::string_view kind = kFaultKinds[static_cast<std::size_t>(fault.kind)];
    if (table.find("at") == nullptr) {
        problems.report(table.position(), "this [[fault]] does not say when, add at = \"300 ms\"");
    }
    fault.atNs = table.duration("at").value_or(0);
    fault.target = number(table, "target", kMostTargets).value_or(0);
    if (fault.target != 0 && !hasTarget(fault.kind)) {
        problems.report(table.find("target")->position,
                        fmt::format("{} has no target, leave it out", kind));
    }
    const Value* length = table.find("length");
    fault.lengthNs = table.duration("length").value_or(0);
    if (needsLength(fault.kind) && (length == nullptr || fault.lengthNs == 0)) {
        problems.report(length == nullptr ? table.position() : length->position,
                        fmt::format("{} needs a length above 0, add length = \"500 ms\"", kind));
    } else if (!needsLength(fault.kind) && length != nullptr) {
        problems.report(length->position, fmt::format("{} has no length, leave it out", kind));
    }
    return fault;
}

std::optional<std::string> routingKey(const Value& value, std::string_view what,
                                      Problems& problems) {
    if (value.kind != Value::Kind::Text) {
        problems.report(value.position, fmt::format("{} is {}, a text in quotes is wanted", what,
                                                    describe(value.kind)));
        return std::nullopt;
    }
    if (value.text.size() > kLongestKey || hasControlCharacter(value.text)) {
        problems.report(value.position,
                        fmt::format("{} does not fit on one line, at most {} bytes are allowed",
                                    what, kLongestKey));
        return std::nullopt;
    }
    return value.text;
}

routing::Headers parseHeaders(TableReader& table, std::string_view key, Problems& problems) {
    constexpr std::string_view kForm = "headers are written { type = \"a\", size = 3 }";
    routing::Headers headers;
    const Value* given = table.find(key);
    if (given == nullptr) {
        return headers;
    }
    if (given->kind != Value::Kind::Table) {
        problems.report(given->position, fmt::format("{} of {} is {}, {}", key, table.what(),
                                                     describe(given->kind), kForm));
        return headers;
    }
    for (const Member& member : given->members) {
        const auto value = headerValue(member.value);
        if (!value) {
            problems.report(member.value.position,
                            fmt::format("header {} is {}, a text, a whole number, true or false is "
                                        "wanted",
                                        inQuotes(member.key), describe(member.value.kind)));
        } else if (member.key.empty() || member.key.size() > kLongestKey) {
            problems.report(member.position,
                            fmt::format("the name of a header has 1 to {} bytes", kLongestKey));
        } else {
            headers.emplace_back(member.key, *value);
        }
    }
    std::ranges::sort(headers, {}, &routing::Headers::value_type::first);
    return headers;
}

Nanoseconds brokerDuration(TableReader& table, std::string_view key, Problems& problems) {
    const auto duration = table.duration(key);
    if (!duration) {
        return 0;
    }
    if (*duration < kMs || *duration % kMs != 0) {
        problems.report(table.find(key)->position,
                        fmt::format("{} of {} is not a whole number of milliseconds from 1 on, as "
                                    "brokers count it",
                                    key, table.what()));
    }
    return *duration;
}

void refuseReservedName(const Value& name, std::string_view kind, Problems& problems) {
    if (name.kind == Value::Kind::Text && name.text.starts_with("amq.")) {
        problems.report(name.position, fmt::format("{} is no name for {}, brokers keep names "
                                                   "that begin with \"amq.\" for themselves",
                                                   inQuotes(name.text), withArticle(kind)));
    }
}

} // namespace interleave::scenario
