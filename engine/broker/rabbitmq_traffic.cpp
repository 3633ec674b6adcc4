// SPDX-License-Identifier: GPL-3.0-or-later
// RabbitMqConnection: sending what was collected, reading what comes by itself, and the ends of
// channels and of the connection.
#include "engine/broker/rabbitmq_connection.h"
#include "engine/broker/rabbitmq_frames.h"
#include "engine/broker/rabbitmq_table.h"
#include "engine/broker/wait.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace interleave::broker {

namespace {

constexpr int kSliceMs = 1000;

template <class Method>
const Method& decoded(const amqp_frame_t& frame) {
    return *static_cast<const Method*>(frame.payload.method.decoded);
}

std::string textOf(const amqp_bytes_t& bytes) {
    return std::string(viewOf(bytes));
}

/// What was asked for that the broker refused without being asked for an answer.
std::string_view actionOf(std::uint16_t classId, std::uint16_t methodId) {
    const std::uint32_t id = std::uint32_t{classId} << 16 | methodId;
    return id == AMQP_BASIC_PUBLISH_METHOD ? "publish"
           : id == AMQP_BASIC_ACK_METHOD   ? "acknowledge"
           : id == AMQP_BASIC_NACK_METHOD  ? "reject"
                                           : "";
}

} // namespace

Result<void> RabbitMqConnection::flush() {
    std::size_t sent = 0;
    Nanoseconds lastProgressNs = steadyNow();
    const Nanoseconds longestSilence = m_heartbeatNs > 0 ? m_heartbeatNs * 6 / 5 : kLongestSilence;
    while (m_link && sent < m_out.size()) {
        const ssize_t count = ::send(m_link->fd(), m_out.data() + sent, m_out.size() - sent,
                                     MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
            lastProgressNs = steadyNow();
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) {
            readFrames(false); // it may have said why, and what it has confirmed counts
            lose(std::strerror(errno));
            break;
        }
        // A broker that waits for us to read would wait for ever if we waited for it, too.
        pollfd waiting{m_link->fd(), POLLIN | POLLOUT, 0};
        ::poll(&waiting, 1, kSliceMs);
        if ((waiting.revents & POLLIN) != 0) {
            readFrames(false);
        }
        if (m_isBlocked) {
            break; // goes out when it takes publishes again
        }
        if (steadyNow() - lastProgressNs > longestSilence) {
            lose("it takes nothing");
        }
    }
    m_out.erase(m_out.begin(), m_out.begin() + static_cast<std::ptrdiff_t>(sent));
    return m_link ? Result<void>{} : std::unexpected(lostError());
}

/// Before a call: all is sent, the channel is open.
Result<void> RabbitMqConnection::ready() {
    if (auto flushed = flush(); !flushed) {
        return flushed;
    }
    if (m_isBlocked) {
        readFrames(false); // unless that is over
    }
    if (m_link && m_isChannelClosed) {
        reopenChannel();
    }
    if (auto refused = m_backlog.takeRefused()) {
        return std::unexpected(std::move(*refused));
    }
    if (!m_link) {
        return std::unexpected(lostError());
    }
    // It does not even read what a blocked connection asks.
    if (m_isBlocked || !m_out.empty()) {
        return fail(
            fmt::format("The broker at {} takes no publishes for now, so nothing else can be "
                        "asked of it.",
                        m_place),
            ErrorKind::MissingPart);
    }
    return {};
}

void RabbitMqConnection::readFrames(bool isOneEnough) {
    while (m_link && !(isOneEnough && !m_backlog.isEmpty()) && readFrame(0)) {
    }
}

bool RabbitMqConnection::readFrame(Nanoseconds waitNs) {
    amqp_frame_t frame;
    const timeval limit{waitNs / 1'000'000'000, waitNs % 1'000'000'000 / 1000};
    const int status = amqp_simple_wait_frame_noblock(m_link->state(), &frame, &limit);
    if (status == AMQP_STATUS_TIMEOUT) {
        return false;
    }
    if (status != AMQP_STATUS_OK) {
        lose(amqp_error_string2(status));
        return false;
    }
    take(frame);
    if (m_link) {
        amqp_maybe_release_buffers_on_channel(m_link->state(), RabbitMqLink::kChannel);
        amqp_maybe_release_buffers_on_channel(m_link->state(), 0);
    }
    return m_link != nullptr;
}

void RabbitMqConnection::take(const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_METHOD) {
        takeMethod(frame);
    } else if (frame.frame_type == AMQP_FRAME_HEADER || frame.frame_type == AMQP_FRAME_BODY) {
        keepContent(m_content.take(frame));
    }
}

void RabbitMqConnection::keepContent(std::optional<Event> event) {
    if (!event) {
        return;
    }
    auto* delivery = std::get_if<Delivery>(&*event);
    if (delivery && m_isGetting && delivery->consumer.empty()) {
        m_got = std::move(*delivery);
    } else {
        m_backlog.push(std::move(*event));
    }
}

void RabbitMqConnection::takeMethod(const amqp_frame_t& frame) {
    switch (frame.payload.method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
        const auto& m = decoded<amqp_basic_deliver_t>(frame);
        m_lastTag = m_tagOffset + m.delivery_tag;
        m_content.begin(Delivery{.consumer = textOf(m.consumer_tag),
                                 .tag = m_lastTag,
                                 .isRedelivered = m.redelivered != 0,
                                 .exchange = textOf(m.exchange),
                                 .key = textOf(m.routing_key)});
        break;
    }
    case AMQP_BASIC_RETURN_METHOD: {
        const auto& m = decoded<amqp_basic_return_t>(frame);
        m_content.begin(Returned{.exchange = textOf(m.exchange),
                                 .key = textOf(m.routing_key),
                                 .reason = textOf(m.reply_text)});
        break;
    }
    case AMQP_BASIC_ACK_METHOD: {
        const auto& m = decoded<amqp_basic_ack_t>(frame);
        m_backlog.push(Confirmed{m_sequenceOffset + m.delivery_tag, m.multiple != 0, true});
        break;
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto& m = decoded<amqp_basic_nack_t>(frame);
        m_backlog.push(Confirmed{m_sequenceOffset + m.delivery_tag, m.multiple != 0, false});
        break;
    }
    case AMQP_BASIC_CANCEL_METHOD:
        m_backlog.push(ConsumerCancelled{textOf(decoded<amqp_basic_cancel_t>(frame).consumer_tag)});
        break;
    case AMQP_CONNECTION_BLOCKED_METHOD:
        m_isBlocked = true;
        m_backlog.push(Blocked{true, textOf(decoded<amqp_connection_blocked_t>(frame).reason)});
        break;
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        m_isBlocked = false;
        m_backlog.push(Blocked{});
        break;
    case AMQP_CHANNEL_CLOSE_METHOD: {
        const auto& m = decoded<amqp_channel_close_t>(frame);
        failChannel(m.reply_code, viewOf(m.reply_text), actionOf(m.class_id, m.method_id));
        break;
    }
    case AMQP_CONNECTION_CLOSE_METHOD:
        lose(viewOf(decoded<amqp_connection_close_t>(frame).reply_text));
        break;
    default:
        break; // flow, which RabbitMQ doesn't use, and answers to what has timed out
    }
}

void RabbitMqConnection::failChannel(std::uint16_t code, std::string_view text,
                                     std::string_view action) {
    // "NOT_FOUND - no queue 'q' in vhost '/'": our sentence names the code itself.
    const std::size_t dash = text.find(" - ");
    const std::string_view detail = dash == std::string_view::npos ? text : text.substr(dash + 3);
    m_backlog.fail(refusal(static_cast<ReplyCode>(code),
                           action.empty() ? "do what was asked" : action, detail));
    m_isChannelClosed = true;
}

/// What was sent on the closed channel has gone nowhere; all of it must be out before.
void RabbitMqConnection::reopenChannel() {
    m_isChannelClosed = false;
    m_content = {};
    m_sequenceOffset = m_sequence;
    m_tagOffset = m_lastTag;
    amqp_channel_close_ok_t ok{};
    amqp_connection_state_t state = m_link->state();
    const bool isOpen =
        amqp_send_method(state, RabbitMqLink::kChannel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok) == 0 &&
        amqp_channel_open(state, RabbitMqLink::kChannel) &&
        (!m_isConfirming || amqp_confirm_select(state, RabbitMqLink::kChannel)) &&
        (m_prefetch == 0 || amqp_basic_qos(state, RabbitMqLink::kChannel, 0, m_prefetch, 0));
    if (!isOpen) {
        lose("no new channel could be opened");
    }
}

std::optional<Nanoseconds> RabbitMqConnection::nextBeatNs() const {
    return m_link && m_heartbeatNs > 0 ? std::optional(m_lastBeatNs + m_heartbeatNs / 4)
                                       : std::nullopt;
}

/// We notice a dead line before the broker does, which waits for two heartbeats at least: so what
/// we had in hand is not given to somebody else before we know that we have lost it. What says
/// when something came is the kernel, which also counts heartbeats that rabbitmq-c keeps from us.
void RabbitMqConnection::beat() {
    const Nanoseconds now = steadyNow();
    if (!m_link || m_heartbeatNs == 0 || now < m_lastBeatNs + m_heartbeatNs / 4) {
        return;
    }
    m_lastBeatNs = now;
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(m_link->fd(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        Nanoseconds{info.tcpi_last_data_recv} * 1'000'000 > m_heartbeatNs * 6 / 5) {
        lose("it has said nothing for longer than its heartbeat");
        return;
    }
    if (m_out.empty()) {
        appendHeartbeat(m_out);
    }
}

void RabbitMqConnection::lose(std::string_view why) {
    if (m_link) {
        m_whyLost = why;
        m_link.reset();
        m_out.clear();
    }
}

Error RabbitMqConnection::lostError() const {
    return {
        m_whyLost.empty()
            ? fmt::format("The connection to the broker at {} is closed.", m_place)
            : fmt::format("The connection to the broker at {} is lost: {}.", m_place, m_whyLost),
        ErrorKind::MissingPart};
}

Result<std::optional<Event>> RabbitMqConnection::next(Nanoseconds waitNs, int wakeFd) {
    const Nanoseconds endNs = waitNs > 0 ? steadyNow() + std::min(waitNs, INT64_MAX / 2) : 0;
    while (true) {
        beat();
        if (!m_out.empty()) {
            static_cast<void>(flush()); // what came of it is told below
        }
        readFrames(true);
        if (m_link && m_isChannelClosed && m_out.empty()) {
            reopenChannel();
        }
        if (auto taken = m_backlog.take()) {
            return std::move(*taken);
        }
        if (!m_link) {
            return std::unexpected(lostError());
        }
        const Nanoseconds leftNs = waitNs > 0 ? endNs - steadyNow() : 0;
        if (leftNs <= 0 || waitReadable(m_link->fd(), wakeFd, leftNs) != Waited::Readable) {
            return std::optional<Event>{};
        }
    }
}

} // namespace interleave::broker
