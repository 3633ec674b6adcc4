// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_link.h"

#include "engine/broker/rabbitmq_table.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::broker {

namespace {

constexpr timeval kHandshakeLimit{5, 0};
constexpr timeval kCallLimit{30, 0};
constexpr timeval kGoodbyeLimit{2, 0};
constexpr int kMostChannels = 8;
constexpr int kFrameMax = 131072;

AmqpTable capabilities() {
    AmqpTable table;
    for (const char* name : {"publisher_confirms", "consumer_cancel_notify", "basic.nack",
                             "connection.blocked", "authentication_failure_close"}) {
        table.add(name, true);
    }
    return table;
}

/// What a login came to that the broker or the library refused.
Error loginError(const amqp_rpc_reply_t& reply, const BrokerUrl& url) {
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION &&
        reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
        const auto& close = *static_cast<const amqp_connection_close_t*>(reply.reply.decoded);
        if (close.reply_code == AMQP_ACCESS_REFUSED) {
            return {
                fmt::format("The broker at {} refused the password of user \"{}\"; check user and "
                            "password in its URL.",
                            url.text(), url.user)};
        }
        if (close.reply_code == AMQP_NOT_ALLOWED) {
            return {fmt::format(
                "The broker at {} has no virtual host \"{}\" for user \"{}\"; check the "
                "end of its URL.",
                url.text(), url.vhost, url.user)};
        }
        return {fmt::format("The broker at {} refused the connection: {}.", url.text(),
                            viewOf(close.reply_text)),
                ErrorKind::MissingPart};
    }
    if (reply.library_error == AMQP_STATUS_TIMEOUT) {
        return {
            fmt::format("What listens at {} says nothing for {} s; check that it is the broker's "
                        "plain port, without TLS.",
                        url.text(), kHandshakeLimit.tv_sec),
            ErrorKind::MissingPart};
    }
    return {fmt::format(
                "What answers at {} does not speak AMQP 0-9-1 ({}); check that it is the broker's "
                "plain port, without TLS.",
                url.text(), amqp_error_string2(reply.library_error)),
            ErrorKind::MissingPart};
}

} // namespace

Result<std::unique_ptr<RabbitMqLink>> RabbitMqLink::open(const BrokerUrl& url,
                                                         const std::string& name) {
    const auto fd = connectTcp(url);
    if (!fd) {
        return std::unexpected(fd.error());
    }
    amqp_connection_state_t state = amqp_new_connection();
    amqp_socket_t* socket = state ? amqp_tcp_socket_new(state) : nullptr;
    if (!socket) {
        ::close(*fd);
        return fail("There is no memory left for a connection.", ErrorKind::MissingPart);
    }
    amqp_tcp_socket_set_sockfd(socket, *fd);
    std::unique_ptr<RabbitMqLink> link(new RabbitMqLink(state, *fd));
    if (const auto done = link->logIn(url, name); !done) {
        return std::unexpected(done.error());
    }
    return link;
}

RabbitMqLink::~RabbitMqLink() {
    amqp_destroy_connection(m_state);
}

Result<void> RabbitMqLink::logIn(const BrokerUrl& url, const std::string& name) {
    amqp_set_handshake_timeout(m_state, &kHandshakeLimit);
    amqp_set_rpc_timeout(m_state, &kCallLimit);
    const AmqpTable able = capabilities();
    AmqpTable properties;
    properties.add("product", std::string_view("Interleave"));
    properties.add("connection_name", std::string_view(name));
    properties.add("capabilities", able);
    const amqp_table_t table = properties.get();
    const amqp_rpc_reply_t reply = amqp_login_with_properties(
        m_state, url.vhost.c_str(), kMostChannels, kFrameMax, url.heartbeatSeconds, &table,
        AMQP_SASL_METHOD_PLAIN, url.user.c_str(), url.password.c_str());
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        return std::unexpected(loginError(reply, url));
    }
    if (!amqp_channel_open(m_state, kChannel)) {
        return std::unexpected(loginError(amqp_get_rpc_reply(m_state), url));
    }
    return {};
}

std::uint32_t RabbitMqLink::frameMax() const {
    return static_cast<std::uint32_t>(amqp_get_frame_max(m_state));
}

std::string RabbitMqLink::product() const {
    const amqp_table_t& table = *amqp_get_server_properties(m_state);
    return fmt::format("{} {}", textIn(table, "product"), textIn(table, "version"));
}

void RabbitMqLink::close() {
    amqp_set_rpc_timeout(m_state, &kGoodbyeLimit);
    amqp_connection_close(m_state, AMQP_REPLY_SUCCESS);
}

} // namespace interleave::broker
