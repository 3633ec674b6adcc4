// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/delivery_parser.h"

#include "engine/scenario/quantity.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::string_view kRateForm = "a rate is written \"10/s\", \"200/m\" or \"5/h\"";
constexpr double kHighestRate = 1e6; // a second

/// A duration above 0; 0 if it is not given.
Nanoseconds limit(TableReader& table, std::string_view key, Problems& problems) {
    const auto duration = table.duration(key);
    if (duration && *duration == 0) {
        problems.report(table.find(key)->position,
                        fmt::format("{} of {} is 0, leave it out for none", key, table.what()));
    }
    return duration.value_or(0);
}

void readLimits(TableReader& table, DeliveryOptions& delivery, Problems& problems) {
    delivery.expiresNs = limit(table, "expires", problems);
    delivery.countdownNs = table.duration("countdown").value_or(0);
    delivery.softLimitNs = limit(table, "soft_time_limit", problems);
    delivery.hardLimitNs = limit(table, "time_limit", problems);
    if (delivery.hardLimitNs > 0 && delivery.softLimitNs >= delivery.hardLimitNs) {
        problems.report(table.find("soft_time_limit")->position,
                        "soft_time_limit is not below time_limit, the process would be killed "
                        "before it could clean up");
    }
    if (delivery.expiresNs > 0 && delivery.countdownNs >= delivery.expiresNs) {
        problems.report(table.find("countdown")->position,
                        "countdown is not below expires, the task would expire before it may "
                        "begin");
    }
    if (const auto rate = table.text("rate_limit")) {
        const auto perSecond = parseRate(*rate);
        if (!perSecond) {
            problems.report(table.find("rate_limit")->position, perSecond.error());
        }
        delivery.ratePerSecond = perSecond.value_or(0);
    }
}

void readAcks(TableReader& table, DeliveryOptions& delivery, Problems& problems) {
    delivery.isRejectedOnWorkerLost = table.flag("reject_on_worker_lost");
    const auto acks = table.text("acks");
    if (!acks) {
        return;
    }
    if (*acks != "early" && *acks != "late") {
        problems.report(table.find("acks")->position,
                        fmt::format("acks of {} is {}, \"early\" or \"late\" is wanted",
                                    table.what(), inQuotes(*acks)));
    }
    delivery.isAckedLate = *acks == "late";
}

} // namespace

void readDelivery(TableReader& table, const DeclaredNames& names, TaskTemplate& task,
                  Problems& problems) {
    DeliveryOptions& delivery = task.delivery;
    if (const Value* queue = table.find("queue")) {
        delivery.queue = indexOfName(*queue, "message_queue", names.messageQueues, problems);
    }
    delivery.priority = static_cast<std::uint8_t>(table.integer("priority", 0, 255).value_or(0));
    readLimits(table, delivery, problems);
    readAcks(table, delivery, problems);
    delivery.chunk = static_cast<std::uint32_t>(table.integer("chunk", 1, kMostTasks).value_or(1));
    delivery.ignoresResult = table.flag("ignore_result").value_or(false);
    if (const Value* queue = table.find("on")) {
        task.handles = indexOfName(*queue, "message_queue", names.messageQueues, problems);
    }
    if (const auto consumers = table.integer("consumers", 1, 1024)) {
        task.consumers = static_cast<std::uint32_t>(*consumers);
    }
}

std::expected<double, std::string> parseRate(std::string_view text) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const double seconds = unit == "/s" ? 1 : unit == "/m" ? 60 : unit == "/h" ? 3600 : 0;
    if (error != std::errc{} || seconds == 0) {
        return std::unexpected(fmt::format("{} is not a rate, {}", inQuotes(text), kRateForm));
    }
    const double perSecond = number / seconds;
    // Written so that NaN fails too.
    if (!(perSecond >= 1 / 86'400. && perSecond <= kHighestRate)) {
        return std::unexpected(fmt::format("{} is out of range, one in a day to 1000000 a second "
                                           "are allowed",
                                           inQuotes(text)));
    }
    return perSecond;
}

} // namespace interleave::scenario
