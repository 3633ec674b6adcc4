// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/message_report.h"

#include "engine/analysis/histogram.h"
#include "engine/analysis/step_function.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace interleave::analysis {

using recording::CopyEnd;
using recording::kStillThere;
using recording::MessageCopy;
using recording::MessageDelivery;
using recording::MessageEvent;
using recording::MessageLives;
using recording::MessageStep;
using recording::Recording;

namespace {

struct Durations {
    std::vector<Nanoseconds> queued;
    std::vector<Nanoseconds> unacked;
};

DurationSummary summaryOf(std::vector<Nanoseconds>& durations) {
    DurationSummary summary{.count = durations.size()};
    if (durations.empty()) {
        return summary;
    }
    const auto sum =
        std::accumulate(durations.begin(), durations.end(), 0.0,
                        [](double all, Nanoseconds ns) { return all + static_cast<double>(ns); });
    summary.meanNs = static_cast<Nanoseconds>(sum / static_cast<double>(durations.size()));
    summary.maximumNs = *std::ranges::max_element(durations);
    summary.p50Ns = percentile(durations, 0.5);
    summary.p99Ns = percentile(durations, 0.99);
    return summary;
}

void count(const MessageCopy& copy, const MessageLives& lives, MessageTotals& totals,
           Durations& durations) {
    ++totals.routed;
    totals.deadLettersIn += copy.origin ? 1U : 0U;
    ++totals.ends.count[static_cast<std::size_t>(copy.end)];
    totals.acked += copy.isAcked ? 1 : 0;
    totals.lostAfterAck += copy.isAcked && copy.end == CopyEnd::Lost ? 1 : 0;
    const auto endedBy = [&](MessageStep step, CopyEnd end) {
        return copy.end == end || copy.whyDeadLettered == step ? 1U : 0U;
    };
    totals.rejected += endedBy(MessageStep::Rejected, CopyEnd::Rejected);
    totals.expired += endedBy(MessageStep::Expired, CopyEnd::Expired);
    totals.overflowed += endedBy(MessageStep::Overflowed, CopyEnd::Overflowed);
    for (const MessageDelivery& delivery : lives.deliveriesOf(copy)) {
        ++totals.delivered;
        totals.redelivered += delivery.isRedelivered ? 1 : 0;
        totals.requeued += delivery.end == MessageStep::Requeued ? 1U : 0U;
        durations.queued.push_back(delivery.timeNs - delivery.readySinceNs);
        if (delivery.endNs != kStillThere) {
            durations.unacked.push_back(delivery.endNs - delivery.timeNs);
        }
    }
}

void summarise(Durations& durations, MessageTotals& totals) {
    totals.queueTime = summaryOf(durations.queued);
    totals.unackedTime = summaryOf(durations.unacked);
}

std::uint32_t mostOf(const Recording& recording, const char* counter, ObjectId queue) {
    for (const recording::Counter& each : recording.counters) {
        if (each.name == counter && each.subject == queue.value && !each.value.empty()) {
            return static_cast<std::uint32_t>(*std::ranges::max_element(each.value));
        }
    }
    return 0;
}

std::uint32_t mostConsumers(const Recording& recording, ObjectId queue) {
    std::vector<TimeRange> lives;
    for (const recording::Consumer& consumer : recording.consumers) {
        if (consumer.queue == queue) {
            lives.push_back(consumer.life);
        }
    }
    const bool isAny = !lives.empty();
    const auto most = static_cast<std::uint32_t>(overlapCount(std::move(lives)).maximum());
    return std::max(most, isAny ? 1U : 0U); // one that lived for no time at all
}

/// What happened to messages outside of queues, and those of which nothing more is known.
void countPublishing(const Recording& recording, const MessageLives& lives, MessageReport& report) {
    std::vector<std::uint32_t> published;
    std::vector<std::uint32_t> known; // whose fate is
    for (const MessageCopy& copy : lives.copies) {
        if (known.empty() || known.back() != copy.message) {
            known.push_back(copy.message);
        }
    }
    for (const MessageEvent& event : recording.messages) {
        switch (event.step) {
        case MessageStep::Published:
            ++report.published;
            published.push_back(event.message);
            break;
        case MessageStep::Unroutable:
            ++report.unroutable;
            known.push_back(event.message);
            break;
        case MessageStep::Returned:
            ++report.returned;
            known.push_back(event.message);
            break;
        case MessageStep::Confirmed:
            ++report.confirmed;
            break;
        case MessageStep::Refused:
            ++report.refused;
            known.push_back(event.message);
            break;
        default:
            break;
        }
    }
    std::ranges::sort(known);
    report.unaccounted =
        static_cast<std::uint64_t>(std::ranges::count_if(published, [&](std::uint32_t message) {
            return !std::ranges::binary_search(known, message);
        }));
}

void addQueues(const Recording& recording, const MessageLives& lives, MessageReport& report) {
    const std::size_t objects = recording.objects.size();
    std::vector<QueueReport> queues(objects);
    std::vector<Durations> durations(objects);
    for (const MessageCopy& copy : lives.copies) {
        if (copy.queue.isNone() || copy.queue.value > objects) {
            continue; // of a file that no program of ours wrote
        }
        QueueReport& queue = queues[copy.queue.value - 1];
        count(copy, lives, queue.totals, durations[copy.queue.value - 1]);
        queue.published += copy.origin ? 0U : 1U;
    }
    for (std::uint32_t i = 0; i < objects; ++i) {
        QueueReport& queue = queues[i];
        queue.queue = ObjectId{i + 1};
        queue.consumers = mostConsumers(recording, queue.queue);
        if (queue.totals.routed == 0 && queue.consumers == 0) {
            continue;
        }
        summarise(durations[i], queue.totals);
        queue.maxDepth = mostOf(recording, recording::kReadyMessages, queue.queue);
        queue.maxUnacked = mostOf(recording, recording::kUnackedMessages, queue.queue);
        report.queues.push_back(std::move(queue));
    }
}

} // namespace

std::uint64_t CopyEnds::total() const {
    return std::accumulate(count.begin(), count.end(), std::uint64_t{0});
}

std::vector<std::string> MessageReport::faults() const {
    std::vector<std::string> sentences;
    const auto add = [&](std::uint64_t number, const char* sentence) {
        if (number != 0) {
            sentences.push_back(fmt::format("{} {}", number, sentence));
        }
    };
    add(unaccounted, "published messages came into no queue and were not given back.");
    add(unpairedSteps, "steps tell of messages that nobody said were there.");
    add(repeatedSteps, "steps were told twice, or of a message that somebody else had.");
    return sentences;
}

MessageReport messageReport(const Recording& recording, const MessageLives& lives) {
    MessageReport report;
    Durations durations;
    std::vector<Nanoseconds> ofTasks;
    for (const MessageCopy& copy : lives.copies) {
        const std::size_t before = durations.queued.size();
        count(copy, lives, report.totals, durations);
        if (copy.task) {
            ofTasks.insert(ofTasks.end(),
                           durations.queued.begin() + static_cast<std::ptrdiff_t>(before),
                           durations.queued.end());
        }
    }
    summarise(durations, report.totals);
    report.taskQueueTime = summaryOf(ofTasks);
    report.unpairedSteps = lives.unpaired;
    report.repeatedSteps = lives.repeated;
    countPublishing(recording, lives, report);
    addQueues(recording, lives, report);
    return report;
}

MessageReport messageReport(const Recording& recording) {
    return messageReport(recording, MessageLives::of(recording.messages));
}

} // namespace interleave::analysis
