// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/task_parser.h"

#include "engine/scenario/delivery_parser.h"
#include "engine/scenario/table_reader.h"

#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::int64_t kMostRetries = 1000;

void readArrival(TableReader& table, TaskTemplate& task, Problems& problems) {
    const Value* every = table.find("every");
    const Value* arrival = table.find("arrival");
    constexpr std::string_view kForm = "\"at-once\", \"regular\" or \"poisson\" is wanted";
    if (every == nullptr && arrival == nullptr) {
        return;
    }
    task.everyNs = table.duration("every").value_or(0);
    const std::string kind = arrival == nullptr ? "regular" : table.text("arrival").value_or("");
    if (kind == "at-once") {
        if (every != nullptr) {
            problems.report(arrival->position, "tasks that arrive at once have no every, leave "
                                               "one of the two out");
        }
        return;
    }
    if (kind != "regular" && kind != "poisson") {
        if (arrival->kind == Value::Kind::Text) {
            problems.report(arrival->position,
                            fmt::format("arrival is {}, {}", inQuotes(kind), kForm));
        }
        return;
    }
    if (every == nullptr) {
        problems.report(arrival->position, fmt::format("arrival is {} but every is not given, "
                                                       "add every = \"100 ms\"",
                                                       inQuotes(kind)));
        return;
    }
    task.arrival = kind == "regular" ? Arrival::Regular : Arrival::Poisson;
}

/// What another key is needed for: without it this one would do nothing.
void refuseAlone(TableReader& table, std::string_view key, bool isOfUse, std::string_view needed,
                 std::string_view cure, Problems& problems) {
    const Value* given = table.find(key);
    if (given != nullptr && !isOfUse) {
        problems.report(given->position,
                        fmt::format("{} without {} does nothing, add {}", key, needed, cure));
    }
}

void readRetries(TableReader& table, TaskTemplate& task, Problems& problems) {
    DeliveryOptions& delivery = task.delivery;
    task.retries =
        static_cast<std::uint32_t>(table.integer("retries", 0, kMostRetries).value_or(0));
    task.retryDelayNs = table.duration("retry_delay").value_or(0);
    delivery.backsOff = table.flag("retry_backoff").value_or(false);
    delivery.longestBackOffNs =
        table.duration("retry_backoff_max").value_or(delivery.longestBackOffNs);
    delivery.hasJitter = table.flag("retry_jitter").value_or(false);
    refuseAlone(table, "retry_delay", task.retries > 0, "retries", "retries = 3", problems);
    refuseAlone(table, "retry_backoff", task.retryDelayNs > 0, "retry_delay",
                "retry_delay = \"10 ms\", which it doubles", problems);
    refuseAlone(table, "retry_backoff_max", delivery.backsOff, "retry_backoff",
                "retry_backoff = true", problems);
    refuseAlone(table, "retry_jitter", task.retryDelayNs > 0, "retry_delay",
                "retry_delay = \"10 ms\"", problems);
}

std::optional<std::size_t> taskNamed(TableReader& table, std::string_view key,
                                     const DeclaredNames& names, Problems& problems) {
    const Value* value = table.find(key);
    return value == nullptr ? std::nullopt : indexOfName(*value, "task", names.tasks, problems);
}

} // namespace

TaskTemplate parseTask(const Value& value, const DeclaredNames& names, Problems& problems) {
    TableReader table(value, "[[task]]", problems);
    TaskTemplate task;
    task.name = table.name("name").value_or("");
    task.line = value.position.line;
    task.count = static_cast<std::uint32_t>(table.integer("count", 0, kMostTasks).value_or(1));
    task.payloadBytes = table.size("payload").value_or(0);
    task.resultBytes = table.size("result").value_or(0);
    constexpr std::string_view kForm = "steps are written [ { compute = \"20 ms\" } ]";
    if (table.find("steps") == nullptr) {
        problems.report(value.position, "this [[task]] has no steps, add steps = [ { compute = "
                                        "\"20 ms\" } ]");
    } else if (const auto* list = table.list("steps", kForm)) {
        task.steps = parseSteps(*list, names, problems);
    }
    task.after = taskNamed(table, "after", names, problems);
    readArrival(table, task, problems);
    readRetries(table, task, problems);
    task.then = taskNamed(table, "then", names, problems);
    readDelivery(table, names, task, problems);
    table.refuseOthers();
    return task;
}

} // namespace interleave::scenario
