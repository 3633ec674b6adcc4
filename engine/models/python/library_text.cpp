// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/library_text.h"

#include "engine/models/pubsub/topology.h"

#include <nlohmann/json.hpp>

namespace interleave::models {

namespace {

using nlohmann::json;
using scenario::Action;
using scenario::Program;

template <class Value>
json orNull(const std::optional<Value>& value) {
    return value ? json(*value) : json();
}

json headersOf(const routing::Headers& headers) {
    json object = json::object();
    for (const auto& [key, value] : headers) {
        std::visit([&, name = key](const auto& one) { object[name] = one; }, value);
    }
    return object;
}

json exchangesOf(const Program& program) {
    json all = json::array();
    const auto& declared = program.scenario->exchanges;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        all.push_back({{"id", program.exchangeId(i).value},
                       {"name", declared[i].name},
                       {"kind", routing::nameOf(declared[i].kind)},
                       {"durable", declared[i].isDurable},
                       {"alternate", declared[i].alternate
                                         ? json(program.exchangeId(*declared[i].alternate).value)
                                         : json()}});
    }
    return all;
}

json queuesOf(const Program& program) {
    json all = json::array();
    const auto& declared = program.scenario->messageQueues;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const auto& queue = declared[i];
        json bindings = json::array();
        for (const auto& bind : queue.bindings) {
            bindings.push_back({{"exchange", program.exchangeId(bind.exchange).value},
                                {"key", bind.binding.key},
                                {"headers", headersOf(bind.binding.headers)},
                                {"any", bind.binding.match == routing::HeaderMatch::Any}});
        }
        const bool hasExchange = queue.deadLetterExchange.has_value();
        all.push_back({{"id", program.messageQueueId(i).value},
                       {"name", queue.name},
                       {"durable", queue.isDurable},
                       {"ttl_ns", queue.ttlNs},
                       {"max_length", queue.maxLength},
                       {"rejects", queue.overflow == scenario::QueueOverflow::RejectPublish},
                       {"dead_exchange",
                        hasExchange ? json(program.exchangeId(*queue.deadLetterExchange).value)
                                    : json(queue.deadLetterKey ? json(0) : json())},
                       {"dead_key", orNull(queue.deadLetterKey)},
                       {"max_priority", queue.maxPriority},
                       {"bindings", bindings}});
    }
    return all;
}

json workersOf(const Program& program) {
    json all = json::array();
    for (const auto& worker : program.scenario->taskWorkers) {
        json queues = json::array();
        for (const std::size_t queue : worker.queues) {
            queues.push_back(program.messageQueueId(queue).value);
        }
        all.push_back({{"name", worker.name},
                       {"queues", queues},
                       {"slots", orNull(worker.slotCount)},
                       {"prefetch", orNull(worker.prefetch)}});
    }
    return all;
}

json templatesOf(const Program& program) {
    json all = json::array();
    for (const auto& one : program.scenario->tasks) {
        const auto& delivery = one.delivery;
        all.push_back(
            {{"name", one.name},
             {"queue",
              delivery.queue ? json(program.messageQueueId(*delivery.queue).value) : json()},
             {"priority", delivery.priority},
             {"expires_ns", delivery.expiresNs},
             {"countdown_ns", delivery.countdownNs},
             {"rate", delivery.ratePerSecond},
             {"soft_ns", delivery.softLimitNs},
             {"hard_ns", delivery.hardLimitNs},
             {"acks_late", orNull(delivery.isAckedLate)},
             {"reject_lost", orNull(delivery.isRejectedOnWorkerLost)},
             {"ignores_result", delivery.ignoresResult},
             {"handles", one.handles ? json(program.messageQueueId(*one.handles).value) : json()},
             {"consumers", orNull(one.consumers)}});
    }
    return all;
}

/// What a publish action sends, in order: [number, exchange, key, [[queue, handler, the queues that
/// a refused copy goes to, whether it comes back by itself], ...], how many of these copies lie
/// there at once].
json messagesOf(const Topology& topology, const Action& action, const routing::Headers& headers) {
    json all = json::array();
    for (const auto& message : action.messages) {
        json copies = json::array();
        for (const auto& copy : message.copies) {
            json targets = json::array();
            for (const ObjectId target :
                 topology.deadLetterTargets(copy.queue, message.key, headers)) {
                targets.push_back(target.value);
            }
            copies.push_back({copy.queue.value, copy.handler.value, targets,
                              topology.comesBack(copy.queue, message.key, headers)});
        }
        all.push_back(
            {message.number, message.exchange.value, message.key, copies, message.routedCopies});
    }
    return all;
}

/// By task, those only that differ from the plain: (next of the chain, delays before tries).
json tasksOf(const Program& program) {
    json all = json::object();
    const Topology topology(program, {});
    for (const scenario::Task& task : program.tasks) {
        json publishes = json::object();
        for (std::size_t i = 0; i < task.actions.size(); ++i) {
            const Action& action = task.actions[i];
            if (action.kind != Action::Kind::Publish || action.source == nullptr) {
                continue;
            }
            const auto& step = std::get<scenario::PublishStep>(action.source->what);
            publishes[std::to_string(i)] = {
                {"messages", messagesOf(topology, action, step.headers)},
                {"headers", headersOf(step.headers)},
                {"priority", step.priority},
                {"expires_ns", step.expiresNs},
                {"mandatory", step.isMandatory},
                {"persistent", step.isPersistent},
                {"reply", step.wantsReply}};
        }
        json one = json::object();
        if (task.then) {
            one["then"] = task.then.value;
        }
        if (task.isChained) {
            one["chained"] = true;
        }
        if (!task.retryDelays.empty()) {
            one["delays"] = task.retryDelays;
        }
        if (task.handles) {
            one["handles"] = task.handles.value;
        }
        if (!publishes.empty()) {
            one["publishes"] = publishes;
        }
        if (!one.empty()) {
            all[std::to_string(task.id.value)] = one;
        }
    }
    return all;
}

} // namespace

std::string libraryText(const RunContext& context) {
    const Program& program = context.program;
    const json text = {{"tasks_queue", extraQueue(context, ExtraQueue::Tasks).value},
                       {"results_queue", extraQueue(context, ExtraQueue::Results).value},
                       {"replies_queue", extraQueue(context, ExtraQueue::Replies).value},
                       {"exchanges", exchangesOf(program)},
                       {"queues", queuesOf(program)},
                       {"workers", workersOf(program)},
                       {"templates", templatesOf(program)},
                       {"tasks", tasksOf(program)}};
    return text.dump(-1, ' ', true, json::error_handler_t::replace);
}

} // namespace interleave::models
