// SPDX-License-Identifier: GPL-3.0-or-later
// RabbitMQ through rabbitmq-c alone, used as its own examples use it: what benchmarks of brokers
// are held against.
#pragma once

#include "engine/base/result.h"
#include "engine/broker/broker_url.h"
#include "engine/broker/wait.h"

#include <algorithm>
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace interleave::broker {

[[noreturn]] inline void giveUp(const std::string& why) {
    std::printf("nothing was measured: %s\n", why.c_str());
    std::exit(1);
}

template <class T>
T orGiveUp(Result<T> result) {
    if (!result) {
        giveUp(result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// One thread publishes to a queue that is there, another one consumes and acknowledges each.
struct BareLoop {
    const char* queue = "";
    std::uint16_t prefetch = 100;
    std::size_t bodyBytes = 64;
    bool isSafe = false; // persistent messages, each confirmed
};

class Bare {
public:
    Bare(const BrokerUrl& url, const BareLoop& loop)
        : m_loop(loop)
        , m_state(amqp_new_connection()) {
        amqp_socket_t* socket = amqp_tcp_socket_new(m_state);
        if (amqp_socket_open(socket, url.host.c_str(), url.port) != AMQP_STATUS_OK ||
            amqp_login(m_state, url.vhost.c_str(), 0, 131072, 0, AMQP_SASL_METHOD_PLAIN,
                       url.user.c_str(), url.password.c_str())
                    .reply_type != AMQP_RESPONSE_NORMAL ||
            !amqp_channel_open(m_state, 1)) {
            giveUp("the bare connection was refused");
        }
    }
    ~Bare() {
        amqp_connection_close(m_state, AMQP_REPLY_SUCCESS);
        amqp_destroy_connection(m_state);
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    /// Confirms are read as they come; returns after the last one.
    void publish(int count) {
        std::vector<std::byte> bytes(m_loop.bodyBytes, std::byte{'x'});
        const amqp_bytes_t body{bytes.size(), bytes.data()};
        amqp_basic_properties_t properties{};
        properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
        properties.delivery_mode = 2;
        if (m_loop.isSafe) {
            amqp_confirm_select(m_state, 1);
        }
        std::uint64_t confirmed = 0;
        for (int i = 0; i < count; ++i) {
            amqp_basic_publish(m_state, 1, amqp_empty_bytes, amqp_cstring_bytes(m_loop.queue), 0, 0,
                               m_loop.isSafe ? &properties : nullptr, body);
            const timeval now{};
            while (m_loop.isSafe && readConfirm(&now, confirmed)) {
            }
        }
        while (m_loop.isSafe && confirmed < static_cast<std::uint64_t>(count) &&
               readConfirm(nullptr, confirmed)) {
        }
    }
    void subscribe() {
        amqp_basic_qos(m_state, 1, 0, m_loop.prefetch, 0);
        amqp_basic_consume(m_state, 1, amqp_cstring_bytes(m_loop.queue), amqp_empty_bytes, 0, 0, 0,
                           amqp_empty_table);
    }
    void consume(int count) {
        for (int i = 0; i < count; ++i) {
            amqp_envelope_t envelope;
            amqp_maybe_release_buffers(m_state);
            if (amqp_consume_message(m_state, &envelope, nullptr, 0).reply_type !=
                AMQP_RESPONSE_NORMAL) {
                giveUp("the bare loop has lost its connection");
            }
            amqp_basic_ack(m_state, 1, envelope.delivery_tag, 0);
            amqp_destroy_envelope(&envelope);
        }
    }

private:
    bool readConfirm(const timeval* limit, std::uint64_t& confirmed) {
        amqp_frame_t frame;
        const int status = amqp_simple_wait_frame_noblock(m_state, &frame, limit);
        if (status == AMQP_STATUS_TIMEOUT) {
            return false;
        }
        if (status != AMQP_STATUS_OK || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) {
            giveUp("the bare loop was told something else than a confirm");
        }
        confirmed =
            static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded)->delivery_tag;
        amqp_maybe_release_buffers(m_state);
        return true;
    }

    BareLoop m_loop;
    amqp_connection_state_t m_state;
};

/// Messages a second while `publish` and `consume` work in a thread each.
template <class Publish, class Consume>
double rateOf(int count, Publish&& publish, Consume&& consume) {
    const Nanoseconds beginNs = steadyNow();
    {
        const std::jthread publisher(publish);
        consume();
    }
    return count / toSeconds(steadyNow() - beginNs);
}

inline double bareRate(const std::string& url, const BareLoop& loop, int count) {
    const BrokerUrl parsed = orGiveUp(parseBrokerUrl(url));
    Bare publisher(parsed, loop);
    Bare consumer(parsed, loop);
    consumer.subscribe();
    return rateOf(
        count, [&] { publisher.publish(count); }, [&] { consumer.consume(count); });
}

} // namespace interleave::broker
