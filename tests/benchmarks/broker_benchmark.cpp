// SPDX-License-Identifier: GPL-3.0-or-later
// Messages a second through a broker, from one thread that publishes to one that consumes with
// prefetch 100 and acknowledges each: a bare rabbitmq-c loop, the same through our interface, and
// the memory broker. The best of some rounds in turn; a private RabbitMQ is started for it.
//
// broker_benchmark [MESSAGES [ROUNDS]]
#include "engine/broker/broker.h"
#include "engine/broker/broker_url.h"
#include "engine/broker/wait.h"
#include "tests/support/private_broker.h"

#include <algorithm>
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace interleave::broker {
namespace {

constexpr std::uint16_t kPrefetch = 100;
constexpr const char* kQueue = "benchmark";
const std::vector<std::byte> kBody(64, std::byte{'x'});

[[noreturn]] void giveUp(const std::string& why) {
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

/// A connection as the library's own examples make it.
class Bare {
public:
    explicit Bare(const BrokerUrl& url)
        : m_state(amqp_new_connection()) {
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

    void publish(int count) {
        const amqp_bytes_t body{kBody.size(), const_cast<std::byte*>(kBody.data())};
        for (int i = 0; i < count; ++i) {
            amqp_basic_publish(m_state, 1, amqp_empty_bytes, amqp_cstring_bytes(kQueue), 0, 0,
                               nullptr, body);
        }
    }
    void subscribe() {
        amqp_basic_qos(m_state, 1, 0, kPrefetch, 0);
        amqp_basic_consume(m_state, 1, amqp_cstring_bytes(kQueue), amqp_empty_bytes, 0, 0, 0,
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

double bareRate(const std::string& url, int count) {
    const BrokerUrl parsed = orGiveUp(parseBrokerUrl(url));
    Bare publisher(parsed);
    Bare consumer(parsed);
    consumer.subscribe();
    return rateOf(
        count, [&] { publisher.publish(count); }, [&] { consumer.consume(count); });
}

void consumeAll(Connection& connection, int count) {
    for (int i = 0; i < count;) {
        const auto event = orGiveUp(connection.next(60'000'000'000));
        if (!event) {
            giveUp("no message for a minute");
        }
        if (const auto* delivery = std::get_if<Delivery>(&*event)) {
            orGiveUp(connection.ack(delivery->tag));
            ++i;
        }
    }
}

double ourRate(Broker& broker, int count) {
    const auto publisher = orGiveUp(broker.connect("publisher"));
    const auto consumer = orGiveUp(broker.connect("consumer"));
    orGiveUp(consumer->declare(QueueSpec{.name = kQueue}));
    orGiveUp(consumer->setPrefetch(kPrefetch));
    orGiveUp(consumer->consume(kQueue, {}));
    const Properties properties;
    return rateOf(
        count,
        [&] {
            for (int i = 0; i < count; ++i) {
                orGiveUp(publisher->publish({"", kQueue, properties, kBody}));
            }
            orGiveUp(publisher->flush());
        },
        [&] { consumeAll(*consumer, count); });
}

void print(const char* what, double rate, const char* than, double other) {
    std::printf("%-36s %10.0f /s", what, rate);
    if (other > 0) {
        std::printf("   %.2fx of %s", rate / other, than);
    }
    std::printf("\n");
}

int measure(int count, int rounds) {
    const auto memory = orGiveUp(open("memory"));
    const auto socket = orGiveUp(open(memory->address()));
    double direct = 0;
    double elsewhere = 0;
    for (int round = 0; round < rounds; ++round) {
        direct = std::max(direct, ourRate(*memory, count));
        elsewhere = std::max(elsewhere, ourRate(*socket, count));
    }
    double bare = 0;
    double ours = 0;
    const auto node =
        support::PrivateBroker::isInstalled() ? support::PrivateBroker::own() : nullptr;
    if (node) {
        const auto rabbit = orGiveUp(open(node->url()));
        orGiveUp(orGiveUp(rabbit->connect("benchmark"))->declare(QueueSpec{.name = kQueue}));
        for (int round = 0; round < rounds; ++round) {
            bare = std::max(bare, bareRate(node->url(), count));
            ours = std::max(ours, ourRate(*rabbit, count));
        }
        print("RabbitMQ, a bare rabbitmq-c loop", bare, "", 0);
        print("RabbitMQ, through our interface", ours, "the bare loop", bare);
    } else {
        std::printf("%s\n", support::PrivateBroker::kNotInstalled);
    }
    print("memory, threads of one process", direct, "RabbitMQ", ours);
    print("memory, through its socket", elsewhere, "RabbitMQ", ours);
    return 0;
}

} // namespace
} // namespace interleave::broker

int main(int count, char** arguments) {
    const int messages = count > 1 ? std::max(1, std::atoi(arguments[1])) : 100'000;
    const int rounds = count > 2 ? std::max(1, std::atoi(arguments[2])) : 3;
    return interleave::broker::measure(messages, rounds);
}
