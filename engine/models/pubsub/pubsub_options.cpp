// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/pubsub_options.h"

#include "engine/models/parameters.h"

#include <array>
#include <utility>

namespace interleave::models {

namespace {

std::uint32_t countOf(const Parameters& parameters, const std::string& key) {
    return static_cast<std::uint32_t>(std::stoul(textParameter(parameters, key)));
}

Confirms confirmsNamed(const std::string& name) {
    constexpr std::array<std::pair<const char*, Confirms>, 4> kNames{{
        {"none", Confirms::None},
        {"each", Confirms::Each},
        {"batch", Confirms::Batch},
        {"async", Confirms::Async},
    }};
    for (const auto& [text, confirms] : kNames) {
        if (name == text) {
            return confirms;
        }
    }
    return Confirms::Async;
}

} // namespace

std::vector<ParameterInfo> pubsubParameters() {
    return {
        {"publishers", "0", "count", "0 to 1024",
         "threads that execute the tasks which no message brings about; 0: as many as --workers"},
        // One: nobody holds what an idle consumer could do. What more costs and gains is a lesson.
        {"prefetch", "1", "count", "0 to 65535",
         "messages that a consumer may hold unacknowledged; 0: any number"},
        {"acks", "manual", "choice", "manual, auto",
         "manual: acknowledged when the work is done, else it comes back; auto: when it is sent"},
        {"confirms", "async", "choice", "none, each, batch, async",
         "when a publisher waits for the broker to have taken its messages over: never, after "
         "each, "
         "after a batch, or only where more than a batch are under way"},
        {"batch", "100", "count", "1 to 65535", "messages in a batch of confirms"},
        {"reply_timeout", "10 s", "duration", "1 ms to 1 h",
         "how long a publisher that wants a reply waits for it"},
    };
}

PubsubOptions pubsubOptions(const Parameters& parameters, int workers) {
    PubsubOptions options;
    const std::uint32_t publishers = countOf(parameters, "publishers");
    options.publishers = publishers == 0 ? workers : static_cast<int>(publishers);
    options.prefetch = static_cast<std::uint16_t>(countOf(parameters, "prefetch"));
    options.isAutoAck = textParameter(parameters, "acks") == "auto";
    options.confirms = confirmsNamed(textParameter(parameters, "confirms"));
    options.batch = countOf(parameters, "batch");
    options.replyTimeoutNs = durationParameter(parameters, "reply_timeout");
    return options;
}

} // namespace interleave::models
