// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBook: where every copy of every message is, and how far the tasks are that messages bring
// about. It records what the broker does (queued, expired, dead-lettered, ...) in a stream of its
// own. The memory broker tells it as it happens; what RabbitMQ does is told by publishers and
// consumers, who infer it.
//
// Thread: any. The memory broker calls it while it is locked, so the book never calls a broker.
#pragma once

#include "engine/broker/broker_observer.h"
#include "engine/models/model.h"
#include "engine/models/pubsub/message_accounts.h"
#include "engine/models/pubsub/message_table.h"
#include "engine/models/sync/shared_objects.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace interleave::models {

class MessageBook final : public broker::BrokerObserver {
public:
    using Fate = broker::Fate;

    /// `isTold`: the broker tells by itself. `onQuiet` is called when nothing is under way any
    /// more, by whoever ended the last of it.
    MessageBook(const RunContext& context, const MessageTable& table, SharedObjects& objects,
                bool isTold, std::function<void()> onQuiet);

    bool isTold() const { return m_isTold; }
    /// The broker's name of each queue of the scenario.
    void setNames(std::unordered_map<std::string, ObjectId> queues);
    ObjectId queueNamed(const std::string& name) const;
    /// The number of one of our messages; 0: it is somebody else's.
    static std::uint32_t numberOf(const broker::Properties& properties);
    std::uint32_t nextReply();
    ObjectId replies() const { return m_replies; }

    // --- what happened
    void onFate(const broker::MessageFate& fate) override;
    /// By publishers and consumers of a broker that does not tell; else does nothing.
    void infer(Fate fate, std::uint32_t number, ObjectId queue);
    /// The same for both: only we can know it.
    void tell(Fate fate, std::uint32_t number, ObjectId queue);
    void published() { count(&MessageAccounts::published); }
    void foreign() { count(&MessageAccounts::foreign); }
    void lateReply() { count(&MessageAccounts::lateReplies); }

    // --- deliveries
    struct Arrival {
        TaskId task;             // none: nobody knows what to do with it
        bool isReserved = false; // the task is reserved by this delivery
    };
    /// A consumer has got a copy. Each arrival is ended by done().
    Arrival arrived(const broker::Delivery& delivery, std::uint32_t number, ObjectId queue,
                    bool isAutoAck);
    /// A copy was seen in a queue after the end of everything.
    void found(const broker::Delivery& delivery, std::uint32_t number, ObjectId queue);
    /// The delivery needs no more of its consumer.
    void done();
    void acked(std::uint32_t number, ObjectId queue);

    // --- the tasks that messages bring about
    /// Waits while another consumer is at it. The index of the try; nothing: it has ended, or the
    /// run has.
    std::optional<std::uint32_t> begin(TaskId task);
    /// The try is over and the task waits for another delivery.
    void pause(TaskId task);
    void end(TaskId task);

    // --- for the control thread
    /// No consumer has anything in hand, and no copy can come to one any more.
    bool isQuiet() const;
    /// No consumer has anything in hand.
    bool isIdle() const;
    std::uint64_t version() const; // grows with everything that happens
    /// Queues with copies that can come to a handler.
    std::vector<ObjectId> openQueues() const;
    /// Handler tasks that no delivery can bring about any more, since their publishers have ended.
    /// Only while isQuiet().
    std::vector<TaskId> endUnreachable();
    bool isOpen(std::uint32_t number, ObjectId queue) const;
    /// The copies that a queue should hold still, oldest first.
    std::vector<std::uint32_t> openIn(ObjectId queue) const;
    /// What became last of a copy that isn't in its queue; nothing: it never was in it.
    std::optional<Fate> lastFate(TaskId handler) const;
    MessageAccounts accounts() const;
    /// Ends the stream. Nothing is recorded from then on.
    void close();

private:
    struct CopyState {
        std::uint16_t open = 0; // of it in the queue or with a consumer
        bool isDead = false;    // left its queue for a reason that dead-letters
        bool wasThere = false;
        Fate fate = Fate::Queued;
    };
    enum class Phase : std::uint8_t { Unborn, Waiting, Reserved, Running, Away, Ended };
    struct HandlerState {
        Phase phase = Phase::Unborn;
        std::uint32_t tries = 0;
    };

    void count(std::uint64_t MessageAccounts::*counter);
    void tellReply(Fate fate, std::uint32_t number);
    void tellLocked(Fate fate, std::uint32_t number, ObjectId queue);
    void enter(std::uint32_t number, ObjectId queue, std::size_t copy);
    bool leave(std::uint32_t number, ObjectId queue, std::size_t copy, Fate fate);
    void goOn(std::uint32_t number);
    void inferEntry(const broker::Delivery& delivery, std::uint32_t number, ObjectId queue,
                    std::size_t copy);
    void submitHandler(TaskId task);
    void record(Fate fate, std::uint32_t number, ObjectId queue);
    QueueAccounts& accountsOf(ObjectId queue);
    HandlerState& handler(TaskId task) { return m_handlers[task.value - 1]; }
    void tellIfQuiet(std::unique_lock<std::mutex>& lock);

    const MessageTable& m_table;
    SharedObjects& m_objects;
    const bool m_isTold;
    const std::function<void()> m_onQuiet;
    const ObjectId m_firstQueue;
    const ObjectId m_replies;
    std::unordered_map<std::string, ObjectId> m_queueNames;

    mutable std::mutex m_mutex; // guards everything below
    std::condition_variable m_freed;
    record::Writer m_writer;
    std::vector<CopyState> m_copies;
    std::vector<HandlerState> m_handlers; // by task
    MessageAccounts m_accounts;
    std::uint32_t m_lastReply;
    std::uint64_t m_version = 0;
    std::uint64_t m_open = 0; // copies that can come to a handler
    std::uint64_t m_held = 0; // deliveries that consumers have in hand
};

} // namespace interleave::models
