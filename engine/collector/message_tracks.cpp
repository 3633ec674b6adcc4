// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/message_tracks.h"

#include "engine/collector/lock_holds.h"
#include "engine/recording/message_lives.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

namespace interleave::collector {

using record::EventKind;
using recording::kStillThere;
using recording::Link;
using recording::LinkEnd;
using recording::LinkKind;
using recording::MessageCopy;
using recording::MessageDelivery;
using recording::MessageEvent;
using recording::MessageLives;
using recording::MessageStep;
using recording::RecordingBuilder;
using recording::Span;

namespace {

/// What the view of one queue is made of.
class QueueTrack {
public:
    QueueTrack(ObjectId queue, const MessageLives& lives, Nanoseconds endNs,
               const EarlierMessages& earlier, RecordingBuilder& builder)
        : m_queue(queue)
        , m_lives(lives)
        , m_endNs(endNs)
        , m_earlier(earlier)
        , m_builder(builder) {
        m_more.state = State::Queued;
        m_more.name = builder.intern(kMoreMessages);
        m_more.depth = kMessageLevels;
    }

    /// `copies` in order of their begins. Adds those without a level of their own to `sharing`.
    void add(std::span<const std::uint32_t> copies, SharingCopies& sharing) {
        std::priority_queue<Nanoseconds, std::vector<Nanoseconds>, std::greater<>> ends;
        for (const std::uint32_t index : copies) {
            const MessageCopy& copy = m_lives.copies[index];
            count(copy);
            const TimeRange stay{copy.queuedNs, copy.endNs};
            if (stay.isEmpty()) {
                continue;
            }
            while (!ends.empty() && ends.top() <= stay.beginNs) {
                ends.pop();
            }
            const std::tuple key(m_queue, copy.message, copy.queuedNs);
            const bool isShared = stay.beginNs <= m_earlier.untilNs
                                      ? std::ranges::binary_search(m_earlier.sharing, key)
                                      : ends.size() >= kMessageLevels;
            ends.push(stay.endNs);
            if (isShared) {
                addMore({stay.beginNs, ended(stay.endNs)});
                sharing.push_back(key);
            } else {
                addSpans(copy, m_levels.levelFor(stay));
            }
        }
        closeMore();
        addCounter(recording::kReadyMessages, m_ready);
        addCounter(recording::kUnackedMessages, m_unacked);
    }

private:
    using Changes = std::vector<std::pair<Nanoseconds, int>>;

    Nanoseconds ended(Nanoseconds ns) const { return std::min(ns, m_endNs); }

    StringId causeOf(MessageStep step) { return m_builder.intern(nameOf(step)); }

    void addSpan(const MessageCopy& copy, TimeRange range, State state, WorkerId worker,
                 StringId cause, std::uint16_t level) {
        if (!range.isEmpty()) {
            m_builder.addObjectSpan(m_queue, {.range = range,
                                              .state = state,
                                              .task = copy.task,
                                              .worker = worker,
                                              .cause = cause,
                                              .depth = level});
        }
    }

    void addSpans(const MessageCopy& copy, std::uint16_t level) {
        Nanoseconds readySince = copy.queuedNs;
        bool isReady = true;
        for (const MessageDelivery& delivery : m_lives.deliveriesOf(copy)) {
            addSpan(copy, {delivery.readySinceNs, delivery.timeNs}, State::Queued, {},
                    causeOf(MessageStep::Delivered), level);
            addSpan(copy, {delivery.timeNs, ended(delivery.endNs)}, State::Reserved,
                    delivery.worker, delivery.end ? causeOf(*delivery.end) : StringId{}, level);
            isReady = delivery.end == MessageStep::Requeued;
            readySince = delivery.endNs;
        }
        if (isReady) { // it did not leave by a delivery
            const auto how = stepOf(copy);
            addSpan(copy, {readySince, ended(copy.endNs)}, State::Queued, {},
                    how ? causeOf(*how) : StringId{}, level);
        }
    }

    /// How a copy that nobody held left; none if it is there still.
    static std::optional<MessageStep> stepOf(const MessageCopy& copy) {
        switch (copy.end) {
        case recording::CopyEnd::Acked:
            return MessageStep::Acked;
        case recording::CopyEnd::DeadLettered:
            return copy.whyDeadLettered;
        case recording::CopyEnd::Rejected:
            return MessageStep::Rejected;
        case recording::CopyEnd::Expired:
            return MessageStep::Expired;
        case recording::CopyEnd::Overflowed:
            return MessageStep::Overflowed;
        case recording::CopyEnd::Lost:
            return copy.isAcked ? MessageStep::Acked : MessageStep::Lost;
        default:
            return std::nullopt;
        }
    }

    void addMore(TimeRange stay) {
        if (!m_more.range.isEmpty() && stay.beginNs <= m_more.range.endNs) {
            m_more.range.endNs = std::max(m_more.range.endNs, stay.endNs);
            return;
        }
        closeMore();
        m_more.range = stay;
    }

    void closeMore() {
        if (!m_more.range.isEmpty()) {
            m_builder.addObjectSpan(m_queue, m_more);
        }
        m_more.range = {};
    }

    void count(const MessageCopy& copy) {
        m_ready.emplace_back(copy.queuedNs, 1);
        bool isReady = true;
        for (const MessageDelivery& delivery : m_lives.deliveriesOf(copy)) {
            m_ready.emplace_back(delivery.timeNs, -1);
            m_unacked.emplace_back(delivery.timeNs, 1);
            if (delivery.endNs != kStillThere) {
                m_unacked.emplace_back(delivery.endNs, -1);
            }
            isReady = delivery.end == MessageStep::Requeued;
            if (isReady) {
                m_ready.emplace_back(delivery.endNs, 1);
            }
        }
        if (isReady && copy.endNs != kStillThere) {
            m_ready.emplace_back(copy.endNs, -1);
        }
    }

    void addCounter(const char* name, Changes& changes) {
        if (changes.empty()) {
            return;
        }
        std::ranges::sort(changes);
        recording::Counter counter{.name = name, .unit = "messages", .subject = m_queue.value};
        std::int64_t level = 0;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            level += changes[i].second;
            const bool isLast = i + 1 == changes.size() || changes[i + 1].first != changes[i].first;
            const auto value = static_cast<double>(level);
            if (isLast && (counter.value.empty() || counter.value.back() != value)) {
                counter.time.push_back(changes[i].first);
                counter.value.push_back(value);
            }
        }
        m_builder.addCounter(std::move(counter));
    }

    ObjectId m_queue;
    const MessageLives& m_lives;
    Nanoseconds m_endNs;
    const EarlierMessages& m_earlier;
    RecordingBuilder& m_builder;
    LevelAssigner m_levels;
    Span m_more; // of messages without a level of their own
    Changes m_ready;
    Changes m_unacked;
};

SharingCopies addTracks(const MessageLives& lives, const Manifest& manifest, Nanoseconds endNs,
                        const EarlierMessages& earlier, RecordingBuilder& builder) {
    SharingCopies sharing;
    std::vector<std::vector<std::uint32_t>> byQueue(manifest.objects.size());
    for (std::uint32_t i = 0; i < lives.copies.size(); ++i) {
        byQueue[lives.copies[i].queue.value - 1].push_back(i);
    }
    for (std::uint32_t q = 0; q < byQueue.size(); ++q) {
        if (byQueue[q].empty()) {
            continue;
        }
        std::ranges::stable_sort(byQueue[q], {},
                                 [&](std::uint32_t i) { return lives.copies[i].queuedNs; });
        QueueTrack(ObjectId{q + 1}, lives, endNs, earlier, builder).add(byQueue[q], sharing);
    }
    std::ranges::sort(sharing);
    return sharing;
}

/// The first publishing of each message, in order of the messages.
std::vector<const MessageEvent*> publishings(const std::vector<MessageEvent>& events) {
    std::vector<const MessageEvent*> published;
    for (const MessageEvent& event : events) {
        if (event.step == MessageStep::Published) {
            published.push_back(&event);
        }
    }
    std::ranges::stable_sort(published, {}, [](const MessageEvent* each) { return each->message; });
    return published;
}

/// Who had a copy that it refused; none where the broker threw it out.
WorkerId refuserOf(const MessageLives& lives, const MessageCopy& copy) {
    const auto deliveries = lives.deliveriesOf(copy);
    if (copy.whyDeadLettered != MessageStep::Rejected || deliveries.empty()) {
        return {};
    }
    return deliveries.back().endedBy ? deliveries.back().endedBy : deliveries.back().worker;
}

void addLinks(const MessageLives& lives, const std::vector<MessageEvent>& events,
              RecordingBuilder& builder) {
    const std::vector<const MessageEvent*> published = publishings(events);
    const auto toDelivery = [](const MessageCopy& copy, const MessageDelivery& delivery) {
        return LinkEnd{delivery.timeNs, copy.task, delivery.worker};
    };
    auto next = published.begin();
    for (const MessageCopy& copy : lives.copies) { // in order of messages
        const auto deliveries = lives.deliveriesOf(copy);
        const auto add = [&](LinkKind kind, LinkEnd from, LinkEnd to) {
            builder.addLink({.kind = kind, .from = from, .to = to, .object = copy.queue});
        };
        while (next != published.end() && (*next)->message < copy.message) {
            ++next;
        }
        if (!deliveries.empty() && copy.origin) {
            const MessageCopy& origin = lives.copies[*copy.origin];
            add(LinkKind::DeadLetter, {origin.endNs, origin.task, refuserOf(lives, origin)},
                toDelivery(copy, deliveries.front()));
        } else if (!deliveries.empty() && next != published.end() &&
                   (*next)->message == copy.message) {
            add(LinkKind::Deliver, {(*next)->timeNs, (*next)->task, (*next)->worker},
                toDelivery(copy, deliveries.front()));
        }
        for (std::size_t i = 0; i < deliveries.size(); ++i) {
            if (i > 0) {
                add(LinkKind::Redeliver, toDelivery(copy, deliveries[i - 1]),
                    toDelivery(copy, deliveries[i]));
            }
            if (deliveries[i].end == MessageStep::Acked) {
                add(LinkKind::Ack, toDelivery(copy, deliveries[i]),
                    {deliveries[i].endNs, copy.task, deliveries[i].endedBy});
            }
        }
    }
}

/// A message that nobody will get is seen where its last consumer was.
void addLosses(const MessageLives& lives, const WorkerTable& workers, RecordingBuilder& builder) {
    StringId name{};
    for (const MessageCopy& copy : lives.copies) {
        if (copy.end != recording::CopyEnd::Lost) {
            continue;
        }
        name = name ? name : builder.intern("message lost");
        const auto deliveries = lives.deliveriesOf(copy);
        const WorkerId last = deliveries.empty() ? WorkerId{} : deliveries.back().worker;
        builder.addMark({.timeNs = copy.lostNs,
                         .name = name,
                         .pid = last ? workers.threads()[last.value - 1].pid : 0});
    }
}

void addBindings(const Manifest& manifest, RecordingBuilder& builder, Oddities& oddities) {
    const auto kindOf = [&](std::uint32_t object) {
        return object == 0 || object > manifest.objects.size()
                   ? std::string_view()
                   : std::string_view(manifest.objects[object - 1].kind);
    };
    for (const ManifestBinding& binding : manifest.bindings) {
        if (recording::isExchangeKind(kindOf(binding.exchange)) &&
            kindOf(binding.queue) == recording::kMessageQueueKind) {
            builder.addBinding({ObjectId{binding.exchange}, ObjectId{binding.queue}, binding.key});
        } else {
            ++oddities.unknownIds;
        }
    }
}

/// A thread that subscribes again without having ended has lost its connection in between.
void addConsumers(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                  const Manifest& manifest, Nanoseconds endNs, RecordingBuilder& builder,
                  Oddities& oddities) {
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        const WorkerThread* const thread = workers.ofStream(i);
        if (thread == nullptr) {
            continue;
        }
        std::map<std::uint32_t, recording::Consumer> open; // by queue
        const auto close = [&](recording::Consumer& consumer, Nanoseconds ns) {
            consumer.life.endNs = std::max(consumer.life.beginNs, ns);
            builder.addConsumer(consumer);
        };
        for (const TimedEvent& event : streams[i].events) {
            const bool isBegin = event.kind == EventKind::ConsumerBegan;
            if (!isBegin && event.kind != EventKind::ConsumerEnded) {
                continue;
            }
            if (event.b == 0 || event.b > manifest.objects.size() ||
                manifest.objects[event.b - 1].kind != recording::kMessageQueueKind) {
                ++oddities.unknownIds;
                continue;
            }
            const auto known = open.find(event.b);
            if (known != open.end()) {
                close(known->second, event.ns);
                open.erase(known);
            } else {
                oddities.unpairedMessages += isBegin ? 0 : 1;
            }
            if (isBegin) {
                open[event.b] = {ObjectId{event.b}, thread->id, event.a, {event.ns, event.ns}};
            }
        }
        for (auto& [queue, consumer] : open) {
            close(consumer, std::min(endNs, thread->isControl ? endNs : thread->life.endNs));
        }
    }
}

} // namespace

SharingCopies addMessages(MessageLog log, const std::vector<StreamEvents>& streams,
                          const WorkerTable& workers, const Occupancy& occupancy,
                          const Manifest& manifest, Nanoseconds endNs,
                          const EarlierMessages& earlier, RecordingBuilder& builder,
                          Oddities& oddities) {
    addBindings(manifest, builder, oddities);
    addConsumers(streams, workers, manifest, endNs, builder, oddities);
    std::vector<MessageEvent> events = log.take(occupancy, earlier.events);
    if (events.empty()) {
        return {};
    }
    const MessageLives lives = MessageLives::of(events);
    oddities.unpairedMessages += lives.unpaired;
    oddities.repeatedMessages += lives.repeated;
    auto sharing = addTracks(lives, manifest, endNs, earlier, builder);
    addLinks(lives, events, builder);
    addLosses(lives, workers, builder);
    builder.setMessages(std::move(events));
    return sharing;
}

} // namespace interleave::collector
