// SPDX-License-Identifier: GPL-3.0-or-later
// Messages a second through a broker, from one thread that publishes to one that consumes with
// prefetch 100 and acknowledges each: a bare rabbitmq-c loop, the same through our interface, and
// the memory broker. The best of some rounds in turn; a private RabbitMQ is started for it.
//
// broker_benchmark [MESSAGES [ROUNDS]]
#include "engine/broker/broker.h"
#include "engine/broker/wait.h"
#include "tests/benchmarks/bare_rabbitmq.h"
#include "tests/support/private_broker.h"

#include <algorithm>
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
constexpr std::size_t kBodyBytes = 64;
const std::vector<std::byte> kBody(kBodyBytes, std::byte{'x'});

const BareLoop kLoop{.queue = kQueue, .prefetch = kPrefetch, .bodyBytes = kBodyBytes};

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
            bare = std::max(bare, bareRate(node->url(), kLoop, count));
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
