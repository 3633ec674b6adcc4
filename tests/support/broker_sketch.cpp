// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/broker_sketch.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::support {

using recording::MessageEvent;
using recording::MessageStep;
using recording::Recording;
using recording::Span;

BrokerSketch::BrokerSketch() {
    m_builder.info().scenario = "Orders";
    m_builder.info().model = "pubsub";
    m_builder.info().startedAt = "2026-11-23T12:00:00Z";
}

ObjectId BrokerSketch::exchange(const std::string& name, const std::string& kind) {
    return m_builder.addObject({name, kind + "-exchange", 0});
}

ObjectId BrokerSketch::queue(const std::string& name, std::uint32_t limit) {
    return m_builder.addObject({name, "message-queue", limit});
}

WorkerId BrokerSketch::worker(const std::string& name) {
    recording::WorkerInfo info;
    info.name = name;
    return m_builder.addWorker(info);
}

TaskId BrokerSketch::task(const std::string& name, const std::string& group,
                          Nanoseconds submittedNs) {
    recording::TaskInfo info;
    info.name = name;
    info.group = group;
    info.submittedNs = submittedNs;
    info.end = State::Done;
    return m_builder.addTask(info);
}

void BrokerSketch::bind(ObjectId exchange, ObjectId queue, const std::string& key) {
    m_bindings.push_back({exchange, queue, key});
}

void BrokerSketch::consume(ObjectId queue, WorkerId worker, std::uint32_t prefetch,
                           TimeRange life) {
    m_consumers.push_back({queue, worker, prefetch, life});
}

void BrokerSketch::setPublisher(TaskId task, WorkerId worker) {
    m_publisherTask = task;
    m_publisherWorker = worker;
}

void BrokerSketch::published(Nanoseconds time, std::uint32_t message, ObjectId exchange) {
    m_messages.push_back({time, message, MessageStep::Published, false, exchange, m_publisherTask,
                          m_publisherWorker});
}

void BrokerSketch::happened(Nanoseconds time, std::uint32_t message, MessageStep step,
                            ObjectId queue, WorkerId worker, bool isRedelivered) {
    m_messages.push_back({time, message, step, isRedelivered, queue, m_carried, worker});
}

void BrokerSketch::mark(Nanoseconds time, const std::string& text) {
    recording::Mark mark;
    mark.timeNs = time;
    mark.name = m_builder.intern(text);
    m_builder.addMark(mark);
}

std::shared_ptr<const Recording> BrokerSketch::finish(Nanoseconds end) {
    std::ranges::stable_sort(m_messages, {}, &MessageEvent::timeNs);
    end = std::max(end, m_messages.empty() ? 0 : m_messages.back().timeNs);
    std::map<std::pair<std::uint32_t, std::uint32_t>, Nanoseconds> queuedAt;
    for (const MessageEvent& event : m_messages) {
        const auto copy = std::pair(event.message, event.object.value);
        if (event.step == MessageStep::Queued || event.step == MessageStep::DeadLettered) {
            queuedAt[copy] = event.timeNs;
        } else if (const auto known = queuedAt.find(copy); known != queuedAt.end()) {
            Span span;
            span.range = {known->second, event.timeNs};
            span.state = State::Queued;
            span.task = event.task;
            span.depth = static_cast<std::uint16_t>(event.message % 8);
            m_builder.addObjectSpan(event.object, span);
            queuedAt.erase(known);
        }
    }
    m_builder.setMessages(std::move(m_messages));
    for (recording::Binding& binding : m_bindings) {
        m_builder.addBinding(std::move(binding));
    }
    for (const recording::Consumer& consumer : m_consumers) {
        m_builder.addConsumer(consumer);
    }
    auto recording = std::make_shared<Recording>(*m_builder.finish());
    recording->range.endNs = std::max(recording->range.endNs, end);
    return recording;
}

namespace {

/// The course of the messages of brokerRecording().
class Orders {
public:
    std::shared_ptr<const Recording> make() {
        m_sketch.bind(m_topic, m_bills, "order.#");
        m_sketch.bind(m_topic, m_mails, "order.paid.*");
        m_sketch.bind(m_topic, m_mails, "order.sent");
        m_sketch.bind(m_fanout, m_log, "");
        m_sketch.consume(m_bills, m_biller, 4, {0, 60 * kMs});
        m_sketch.consume(m_mails, m_mailer, 1, {0, 30 * kMs});
        m_sketch.consume(m_mails, m_mailer, 1, {36 * kMs, 60 * kMs});
        m_sketch.setPublisher(m_shop, m_front);
        for (std::uint32_t i = 1; i <= 12; ++i) {
            bill(i, i * 2 * kMs);
        }
        fates();
        m_sketch.mark(30 * kMs, "fault: worker mailer killed");
        workerSpans();
        return m_sketch.finish(60 * kMs);
    }

private:
    void bill(std::uint32_t message, Nanoseconds at) {
        m_sketch.setCarried(m_bill);
        m_sketch.published(at, message, m_topic);
        m_sketch.happened(at + kMs / 10, message, MessageStep::Queued, m_bills);
        const Nanoseconds begin = std::max(at + kMs, m_freeAt);
        m_sketch.happened(begin, message, MessageStep::Delivered, m_bills, m_biller);
        m_freeAt = begin + 4 * kMs;
        if (m_freeAt < 55 * kMs) {
            m_sketch.happened(m_freeAt, message, MessageStep::Acked, m_bills, m_biller);
        }
    }

    void fates() {
        m_sketch.setCarried(m_mail);
        // Its consumer is killed: it comes back and is delivered again.
        m_sketch.published(20 * kMs, 20, m_topic);
        m_sketch.happened(20 * kMs, 20, MessageStep::Queued, m_mails);
        m_sketch.happened(21 * kMs, 20, MessageStep::Delivered, m_mails, m_mailer);
        m_sketch.happened(30 * kMs, 20, MessageStep::Requeued, m_mails);
        m_sketch.happened(37 * kMs, 20, MessageStep::Delivered, m_mails, m_mailer, true);
        m_sketch.happened(40 * kMs, 20, MessageStep::Acked, m_mails, m_mailer);
        // Refused for good: it goes to the dead letters and stays there.
        m_sketch.published(22 * kMs, 21, m_topic);
        m_sketch.happened(22 * kMs, 21, MessageStep::Queued, m_mails);
        m_sketch.happened(40 * kMs, 21, MessageStep::Delivered, m_mails, m_mailer);
        m_sketch.happened(44 * kMs, 21, MessageStep::Rejected, m_mails, m_mailer);
        m_sketch.happened(44 * kMs + 1000, 21, MessageStep::DeadLettered, m_dead);
        // Dropped for other reasons.
        m_sketch.published(24 * kMs, 22, m_topic);
        m_sketch.happened(24 * kMs, 22, MessageStep::Queued, m_mails);
        m_sketch.happened(34 * kMs, 22, MessageStep::Expired, m_mails);
        m_sketch.published(25 * kMs, 23, m_topic);
        m_sketch.happened(25 * kMs, 23, MessageStep::Queued, m_bills);
        m_sketch.happened(27 * kMs, 23, MessageStep::Overflowed, m_bills);
        m_sketch.published(26 * kMs, 24, m_topic);
        m_sketch.happened(26 * kMs, 24, MessageStep::Queued, m_bills);
        m_sketch.happened(28 * kMs, 24, MessageStep::Lost, m_bills);
        m_sketch.published(28 * kMs, 25, m_topic);
        m_sketch.happened(28 * kMs, 25, MessageStep::Unroutable, {});
        m_sketch.published(29 * kMs, 26, m_topic);
        m_sketch.happened(29 * kMs, 26, MessageStep::Returned, {});
        // Nobody consumes the log: they stay.
        for (std::uint32_t i = 30; i < 34; ++i) {
            m_sketch.published((10 + i) * kMs / 2, i, m_fanout);
            m_sketch.happened((10 + i) * kMs / 2, i, MessageStep::Queued, m_log);
        }
        m_sketch.published(15 * kMs, 40);
        m_sketch.happened(15 * kMs, 40, MessageStep::Queued, m_log);
    }

    void workerSpans() {
        for (const auto& [worker, task, range] :
             {std::tuple(m_biller, m_bill, TimeRange{3 * kMs, 54 * kMs}),
              std::tuple(m_mailer, m_mail, TimeRange{21 * kMs, 30 * kMs}),
              std::tuple(m_front, m_shop, TimeRange{0, 40 * kMs})}) {
            Span span;
            span.range = range;
            span.task = task;
            span.worker = worker;
            m_sketch.builder().addWorkerSpan(span);
            m_sketch.builder().addTaskSpan(span);
        }
    }

    BrokerSketch m_sketch;
    ObjectId m_topic = m_sketch.exchange("orders", "topic");
    ObjectId m_fanout = m_sketch.exchange("audit", "fanout");
    ObjectId m_bills = m_sketch.queue("bills", 8);
    ObjectId m_mails = m_sketch.queue("mails");
    ObjectId m_log = m_sketch.queue("log");
    ObjectId m_dead = m_sketch.queue("dead letters");
    WorkerId m_front = m_sketch.worker("front");
    WorkerId m_biller = m_sketch.worker("biller");
    WorkerId m_mailer = m_sketch.worker("mailer");
    TaskId m_shop = m_sketch.task("shop 1", "shop");
    TaskId m_bill = m_sketch.task("bill 1", "bill");
    TaskId m_mail = m_sketch.task("mail 1", "mail");
    Nanoseconds m_freeAt = 0;
};

} // namespace

std::shared_ptr<const Recording> brokerRecording() {
    return Orders().make();
}

std::shared_ptr<const Recording> bigBrokerRecording(std::uint32_t messages, std::uint32_t queues,
                                                    std::uint32_t workers) {
    BrokerSketch sketch;
    const ObjectId exchange = sketch.exchange("work", "direct");
    std::vector<ObjectId> queueIds;
    std::vector<WorkerId> workerIds;
    std::vector<Nanoseconds> freeAt(workers, 0);
    const Nanoseconds life = messages * 40'000LL;
    for (std::uint32_t i = 0; i < queues; ++i) {
        queueIds.push_back(sketch.queue(fmt::format("work {}", i + 1)));
        sketch.bind(exchange, queueIds.back(), fmt::format("work.{}", i + 1));
    }
    for (std::uint32_t i = 0; i < workers; ++i) {
        workerIds.push_back(sketch.worker(fmt::format("worker {}", i + 1)));
        sketch.consume(queueIds[i % queues], workerIds.back(), 16, {0, life});
    }
    sketch.setPublisher(sketch.task("source", "source"), {});
    for (std::uint32_t i = 0; i < messages; ++i) {
        const Nanoseconds at = i * 20'000LL; // faster than they are consumed
        const std::uint32_t worker = i % workers;
        const ObjectId queue = queueIds[worker % queues];
        freeAt[worker] = std::max(freeAt[worker], at + 5'000) + workers * 30'000LL;
        sketch.published(at, i + 1, exchange);
        sketch.happened(at + 4'000, i + 1, MessageStep::Queued, queue);
        sketch.happened(freeAt[worker] - workers * 30'000LL, i + 1, MessageStep::Delivered, queue,
                        workerIds[worker]);
        sketch.happened(freeAt[worker], i + 1, MessageStep::Acked, queue, workerIds[worker]);
    }
    return sketch.finish();
}

} // namespace interleave::support
