// SPDX-License-Identifier: GPL-3.0-or-later
// Publisher: sends one thread's messages over a connection of its own, waits for confirms as the
// options say, and for replies. Consumers publish over a second connection, too: a broker that
// holds publishers back must not hold back their acknowledgements.
//
// What a full queue refuses is sent again after a pause that doubles; what was unconfirmed when
// the connection was lost is sent again, too, so it may come twice.
#pragma once

#include "engine/models/pubsub/confirm_window.h"
#include "engine/models/pubsub/pubsub_link.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace interleave::models {

class Publisher {
public:
    /// `isGivenUp` tells whether the try that publishes is given up; it rings `wakeFd`.
    Publisher(PubsubShared& shared, record::Writer& writer, const std::string& name, int wakeFd,
              std::function<bool()> isGivenUp);

    /// Executes a Publish step; records what the task waits for, and that it runs again.
    Progress publish(TaskId task, const scenario::Action& action);
    /// Sends what a request is answered with. False: the connection was lost.
    bool answer(const broker::Delivery& request, std::uint64_t bytes);
    /// Before the thread waits for work: returns when the broker has routed what was sent without
    /// confirms, so that nothing is under way unseen.
    void sync();

private:
    static constexpr Nanoseconds kForEver = std::numeric_limits<Nanoseconds>::max();

    // publisher.cpp
    /// `isUnknown`: it was sent before, and nobody knows whether it arrived.
    Progress send(std::uint32_t number, bool isUnknown = false);
    bool sendNow(const MessageFacts& facts, bool isUnknown);
    void tellRouting(const MessageFacts& facts, bool isUnknown);
    bool prepare();

    // publisher_waiting.cpp
    Progress settle(std::size_t mayStayOpen);
    Progress sendAgain();
    Progress waitForRoom(const MessageFacts& facts);
    Progress waitForReply(std::uint32_t number);
    /// Handles events while `needed` holds; the task is in `state` meanwhile.
    Progress waitWhile(const std::function<bool()>& needed, State state, record::StateDetail detail,
                       Nanoseconds untilNs);
    void wait(State state, record::StateDetail detail);

    // publisher_events.cpp
    bool handleNext(Nanoseconds waitNs);
    void handle(broker::Event& event);
    void confirm(const broker::Confirmed& confirmed);
    void takeReply(const broker::Delivery& reply);
    void lose(const Error& error);
    /// The queue that refuses a message when it is full; none: no queue of it does.
    ObjectId refusingQueue(const MessageFacts& facts) const;

    bool isOver() const { return m_shared.isOver() || m_isGivenUp(); }
    Progress overProgress() const {
        return m_shared.isOver() ? Progress::Cancelled : Progress::Failed;
    }
    std::span<const std::byte> bodyOf(std::uint64_t bytes);

    PubsubShared& m_shared;
    record::Writer& m_writer;
    const int m_wakeFd;
    const std::function<bool()> m_isGivenUp;
    PubsubLink m_link;
    ConfirmWindow m_window;
    std::vector<std::uint32_t> m_refused;  // by a full queue: to be sent again
    std::vector<std::uint32_t> m_unknown;  // unconfirmed when the connection was lost: the same
    std::vector<std::uint32_t> m_unsynced; // sent without confirms
    std::vector<std::byte> m_body;
    std::string m_replyQueue;
    bool m_isReady = false;    // the connection has confirms and a reply queue, where wanted
    bool m_isHeldBack = false; // the broker takes nothing for now
    Nanoseconds m_pauseNs = 0;
    // Of the step that is being executed:
    TaskId m_task;
    const scenario::Action* m_action = nullptr;
    bool m_isWaiting = false;    // that is what is recorded
    std::uint32_t m_request = 0; // whose reply is waited for
};

} // namespace interleave::models
