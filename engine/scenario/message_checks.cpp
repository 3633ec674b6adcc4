// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/message_checks.h"

#include "engine/scenario/cycle_search.h"
#include "engine/scenario/handler_checks.h"
#include "engine/scenario/message_routes.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

/// What kind of exchange a binding is to decides what it may say.
void checkBinding(routing::ExchangeKind kind, const Value& bind, Problems& problems) {
    using enum routing::ExchangeKind;
    const bool hasKey = bind.find("key") != nullptr;
    const bool hasHeaders = bind.find("headers") != nullptr;
    const bool wantsKey = kind == Direct || kind == Topic;
    const std::string_view name = routing::nameOf(kind);
    if (hasKey && !wantsKey) {
        problems.report(placeOf(bind, "key"),
                        fmt::format("a {} exchange does not look at keys, leave key out", name));
    }
    if (hasHeaders && kind != Headers) {
        problems.report(
            placeOf(bind, "headers"),
            fmt::format("a {} exchange does not look at headers, leave them out", name));
    }
    if (bind.find("match") != nullptr && !hasHeaders) {
        problems.report(placeOf(bind, "match"), "match without headers does nothing, add headers = "
                                                "{ type = \"a\" }");
    }
    if (!hasKey && wantsKey) {
        problems.report(bind.position,
                        fmt::format("a binding to a {} exchange needs a key, add key = \"{}\"",
                                    name, kind == Topic ? "order.*" : "order"));
    }
    if (!hasHeaders && kind == Headers) {
        problems.report(bind.position, "a binding to a headers exchange needs headers, add headers "
                                       "= { type = \"a\" }");
    }
}

void checkBindings(const Scenario& scenario, const Origins& origins, Problems& problems) {
    for (std::size_t i = 0; i < origins.messageQueues.size(); ++i) {
        const auto& bindings = scenario.messageQueues[i].bindings;
        const Value* list = origins.messageQueues[i]->find("bind");
        for (std::size_t at = 0; at < bindings.size(); ++at) {
            checkBinding(scenario.exchanges[bindings[at].exchange].kind, list->items[at], problems);
        }
    }
}

/// The sentence about a priority that a queue can't keep.
std::string tooHigh(const MessageQueueDeclaration& queue, int priority) {
    return queue.maxPriority == 0
               ? fmt::format("{} keeps no priorities, add max_priority = {} to it",
                             inQuotes(queue.name), priority)
               : fmt::format("{} keeps priorities up to {}, {} is above", inQuotes(queue.name),
                             queue.maxPriority, priority);
}

void checkPriorities(const Scenario& scenario, const Origins& origins, Problems& problems) {
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const DeliveryOptions& delivery = scenario.tasks[i].delivery;
        if (delivery.queue &&
            scenario.messageQueues[*delivery.queue].maxPriority < delivery.priority) {
            problems.report(placeOf(*origins.tasks[i], "priority"),
                            tooHigh(scenario.messageQueues[*delivery.queue], delivery.priority));
        }
    }
}

/// Where all workers say which queues they take from, every task needs one that takes its own.
void checkWorkers(const Scenario& scenario, const Origins& origins, Problems& problems) {
    std::vector<bool> isServed(scenario.messageQueues.size(), false);
    for (const TaskWorkerDeclaration& worker : scenario.taskWorkers) {
        if (worker.queues.empty()) {
            return;
        }
        for (const std::size_t queue : worker.queues) {
            isServed[queue] = true;
        }
    }
    for (std::size_t i = 0; i < scenario.tasks.size() && !scenario.taskWorkers.empty(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        const auto queue = task.delivery.queue;
        if (task.handles || (queue && isServed[*queue])) {
            continue;
        }
        problems.report(placeOf(*origins.tasks[i], "queue"),
                        queue ? fmt::format("no [[worker]] takes from {}, add it to the queues of "
                                            "one",
                                            inQuotes(scenario.messageQueues[*queue].name))
                              : fmt::format("{} goes to no named queue, from which no [[worker]] "
                                            "takes: add queue = \"...\", or leave the queues of a "
                                            "worker out",
                                            inQuotes(task.name)));
    }
}

/// Checks of the messages of every publish step, and what they lead to.
class PublishChecks {
public:
    PublishChecks(const Scenario& scenario, Problems& problems)
        : m_scenario(scenario)
        , m_problems(problems)
        , m_routes(scenario)
        , m_getsMessages(scenario.messageQueues.size(), false)
        , m_carriesTasks(queuesOfTasks(scenario))
        , m_leadsTo(scenario.tasks.size()) {}

    void run() {
        for (std::size_t i = 0; i < m_scenario.tasks.size(); ++i) {
            forEachStep(m_scenario.tasks[i].steps, [&](const Step& step) {
                if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                    m_leadsTo[i].push_back({spawn->task, positionOf(step)});
                } else if (const auto* publish = std::get_if<PublishStep>(&step.what)) {
                    check(i, step, *publish);
                }
            });
        }
        checkCycles();
    }
    const std::vector<bool>& getsMessages() const { return m_getsMessages; }

private:
    void check(std::size_t task, const Step& step, const PublishStep& publish) {
        for (std::size_t key = 0; key < publish.keys.size(); ++key) {
            const MessageRoutes::Reach& reach = m_routes.of(publish, key);
            if (m_routes.isTooLarge()) {
                m_problems.report(positionOf(step), "with this step messages have too many ways "
                                                    "to go, use fewer bindings or keys");
                return;
            }
            checkKey(step, publish, publish.keys[key], reach.routed > 0);
            checkReach(step, publish, reach);
            for (const std::size_t queue : reach.queues) {
                m_getsMessages[queue] = true;
                if (const auto handler = m_routes.handlerOf(queue)) {
                    m_leadsTo[task].push_back({*handler, positionOf(step)});
                }
            }
        }
    }

    void checkKey(const Step& step, const PublishStep& publish, const std::string& key,
                  bool isRouted) {
        using enum routing::ExchangeKind;
        const bool isDefault = !publish.exchange;
        const auto kind = isDefault ? Direct : m_scenario.exchanges[*publish.exchange].kind;
        if (key.empty() && (kind == Direct || kind == Topic)) {
            m_problems.report(positionOf(step),
                              isDefault
                                  ? "the default exchange knows queues by their names, add key = "
                                    "\"name of a queue\""
                                  : fmt::format("a message to a {} exchange needs a key, add key = "
                                                "\"order.new\"",
                                                routing::nameOf(kind)));
        } else if (isDefault && !publish.isMandatory && !isRouted) {
            reportUnknownQueue(step, key);
        }
    }

    void reportUnknownQueue(const Step& step, const std::string& key) {
        std::vector<std::string_view> names;
        for (const MessageQueueDeclaration& queue : m_scenario.messageQueues) {
            names.push_back(queue.name);
        }
        const auto meant = nearest(key, names);
        m_problems.report(
            positionOf(step),
            fmt::format("no message_queue is named {}, to which the default exchange would send "
                        "this: {}declare it, or add mandatory = true to see it come back",
                        inQuotes(key),
                        meant ? fmt::format("did you mean {}? ", inQuotes(*meant)) : ""));
    }

    void checkReach(const Step& step, const PublishStep& publish,
                    const MessageRoutes::Reach& reach) {
        const auto first = reach.queues.begin();
        const auto routedEnd = first + static_cast<std::ptrdiff_t>(reach.routed);
        if (publish.wantsReply && std::none_of(first, routedEnd, [&](std::size_t queue) {
                return m_routes.handlerOf(queue).has_value();
            })) {
            m_problems.report(positionOf(step), "nobody handles this message, so no reply would "
                                                "come: add a [[task]] with on = \"name of its "
                                                "queue\"");
        }
        const auto keepsPriority = [&](std::size_t queue) {
            return m_scenario.messageQueues[queue].maxPriority >= publish.priority;
        };
        if (reach.routed > 0 && std::none_of(first, routedEnd, keepsPriority)) {
            m_problems.report(positionOf(step),
                              tooHigh(m_scenario.messageQueues[*first], publish.priority));
        }
        const auto carriesTasks = std::find_if(
            first, reach.queues.end(), [&](std::size_t queue) { return m_carriesTasks[queue]; });
        if (carriesTasks != reach.queues.end()) {
            m_problems.report(
                positionOf(step),
                fmt::format("this message can come to {}, which is for tasks: their workers would "
                            "not understand it, publish to another queue",
                            inQuotes(m_scenario.messageQueues[*carriesTasks].name)));
        }
    }

    void checkCycles() {
        CycleSearch search(m_leadsTo);
        const auto cycle = search.run();
        if (!cycle.empty()) {
            m_problems.report(search.closing().at,
                              fmt::format("messages would go round without end ({}), what a "
                                          "message leads to may not publish to it again",
                                          wayRound(m_scenario, cycle, "leads to")));
        }
    }

    const Scenario& m_scenario;
    Problems& m_problems;
    MessageRoutes m_routes;
    std::vector<bool> m_getsMessages; // by queue
    std::vector<bool> m_carriesTasks; // by queue
    Graph m_leadsTo;                  // by spawning and by messages
};

} // namespace

void checkMessaging(const Scenario& scenario, const Origins& origins, Problems& problems) {
    checkBindings(scenario, origins, problems);
    checkPriorities(scenario, origins, problems);
    checkWorkers(scenario, origins, problems);
    PublishChecks publishing(scenario, problems);
    publishing.run();
    checkHandlers(scenario, origins, publishing.getsMessages(), problems);
}

} // namespace interleave::scenario
