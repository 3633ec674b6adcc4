// SPDX-License-Identifier: GPL-3.0-or-later
// BrokerSketch: a recording of messages made by hand: exchanges, queues, consumers, and what
// happened to each message, in the order in which it is told.
#pragma once

#include "engine/recording/recording_builder.h"

#include <memory>
#include <string>
#include <vector>

namespace interleave::support {

class BrokerSketch {
public:
    BrokerSketch();

    /// Kind: "fanout", "topic", ...
    ObjectId exchange(const std::string& name, const std::string& kind);
    ObjectId queue(const std::string& name, std::uint32_t limit = 0);
    WorkerId worker(const std::string& name);
    TaskId task(const std::string& name, const std::string& group, Nanoseconds submittedNs = 0);
    void bind(ObjectId exchange, ObjectId queue, const std::string& key);
    void consume(ObjectId queue, WorkerId worker, std::uint32_t prefetch, TimeRange life);

    /// Whose messages the next ones are, and what they carry.
    void setPublisher(TaskId task, WorkerId worker);
    void setCarried(TaskId task) { m_carried = task; }
    void published(Nanoseconds time, std::uint32_t message, ObjectId exchange = {});
    void happened(Nanoseconds time, std::uint32_t message, recording::MessageStep step,
                  ObjectId queue, WorkerId worker = {}, bool isRedelivered = false);
    void mark(Nanoseconds time, const std::string& text);

    recording::RecordingBuilder& builder() { return m_builder; }
    /// Ends at `end`, or with the last event. With spans on the queues' tracks for what lay there.
    std::shared_ptr<const recording::Recording> finish(Nanoseconds end = 0);

private:
    recording::RecordingBuilder m_builder;
    std::vector<recording::MessageEvent> m_messages;
    std::vector<recording::Binding> m_bindings;
    std::vector<recording::Consumer> m_consumers;
    TaskId m_publisherTask;
    WorkerId m_publisherWorker;
    TaskId m_carried;
};

/// An order system: one exchange of each kind that messages differ by, three queues, two of them
/// consumed, with a message for each fate: acknowledged, redelivered, dead-lettered, expired,
/// overflowed, lost, unroutable, returned, still queued.
std::shared_ptr<const recording::Recording> brokerRecording();

/// A task queue of so many messages, workers and queues; every message lies in a queue for a while,
/// is held, and is acknowledged.
std::shared_ptr<const recording::Recording>
bigBrokerRecording(std::uint32_t messages, std::uint32_t queues, std::uint32_t workers);

} // namespace interleave::support
