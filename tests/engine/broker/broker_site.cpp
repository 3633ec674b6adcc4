// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/broker/broker_site.h"

#include "engine/broker/memory_broker.h"
#include "engine/broker/wait.h"
#include "tests/engine/broker/child_process.h"
#include "tests/support/private_broker.h"

#include <fmt/format.h>
#include <thread>
#include <unistd.h>

namespace interleave::broker {

namespace {

class MemorySite final : public Site {
public:
    MemorySite()
        : m_broker(*MemoryBroker::create()) {}
    Broker& broker() override { return *m_broker; }
    void stop() override { m_broker->stop(); }
    void start() override { m_broker->start(); }

private:
    std::unique_ptr<MemoryBroker> m_broker;
};

/// The memory broker of another process.
class SocketSite final : public Site {
public:
    SocketSite()
        : m_process({INTERLEAVE_MEMORY_BROKER_PROCESS}) {
        m_broker = *open(m_process.hear());
    }
    Broker& broker() override { return *m_broker; }
    void stop() override { obey("stop"); }
    void start() override { obey("start"); }

private:
    void obey(const std::string& command) {
        m_process.say(command);
        EXPECT_EQ(m_process.hear(), command);
    }
    ChildProcess m_process;
    std::unique_ptr<Broker> m_broker;
};

class RabbitMqSite final : public Site {
public:
    RabbitMqSite(support::PrivateBroker& node, std::unique_ptr<support::PrivateBroker> own)
        : m_own(std::move(own))
        , m_node(node) {
        auto broker = open(m_node.url());
        EXPECT_TRUE(broker) << (broker ? "" : broker.error().message);
        m_broker = broker ? std::move(*broker) : nullptr;
    }
    Broker& broker() override { return *m_broker; }
    void stop() override { m_node.stop(); }
    void start() override { EXPECT_TRUE(m_node.start()); }

private:
    std::unique_ptr<support::PrivateBroker> m_own;
    support::PrivateBroker& m_node;
    std::unique_ptr<Broker> m_broker;
};

/// Tests of several processes share a broker.
std::string uniqueName(const std::string& name) {
    static int count = 0;
    return fmt::format("{}-{}-{}", name, ::getpid(), ++count);
}

} // namespace

std::string nameOf(SiteKind kind) {
    constexpr const char* kNames[] = {"Memory", "Socket", "RabbitMq"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::vector<std::byte> bytesOf(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string textOf(const std::vector<std::byte>& body) {
    std::string text(body.size(), '\0');
    std::ranges::transform(body, text.begin(), [](std::byte b) { return static_cast<char>(b); });
    return text;
}

void BrokerContract::SetUp() {
    switch (GetParam()) {
    case SiteKind::Memory:
        m_site = std::make_unique<MemorySite>();
        break;
    case SiteKind::Socket:
        m_site = std::make_unique<SocketSite>();
        break;
    case SiteKind::RabbitMq:
        if (!support::PrivateBroker::isInstalled()) {
            GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
        }
        auto own = m_isOwn ? support::PrivateBroker::own() : nullptr;
        support::PrivateBroker* node = m_isOwn ? own.get() : support::PrivateBroker::shared();
        ASSERT_TRUE(node);
        m_site = std::make_unique<RabbitMqSite>(*node, std::move(own));
        break;
    }
}

void BrokerContract::TearDown() {
    if (!m_site) {
        return;
    }
    auto connection = m_site->broker().connect("clean-up");
    if (!connection) {
        return;
    }
    for (const std::string& name : m_queues) {
        static_cast<void>((*connection)->removeQueue(name));
    }
    for (const std::string& name : m_exchanges) {
        static_cast<void>((*connection)->removeExchange(name));
    }
}

std::string BrokerContract::queueNamed(const std::string& name) {
    return m_queues.emplace_back(uniqueName(name));
}

std::string BrokerContract::exchangeNamed(const std::string& name) {
    return m_exchanges.emplace_back(uniqueName(name));
}

std::unique_ptr<Connection> BrokerContract::connect() {
    auto connection = m_site->broker().connect("test");
    EXPECT_TRUE(connection) << (connection ? "" : connection.error().message);
    return connection ? std::move(*connection) : nullptr;
}

std::string BrokerContract::makeQueue(Connection& connection, const std::string& name,
                                      const std::function<void(QueueSpec&)>& fill) {
    QueueSpec spec;
    spec.name = queueNamed(name);
    if (fill) {
        fill(spec);
    }
    const auto declared = connection.declare(spec);
    EXPECT_TRUE(declared) << (declared ? "" : declared.error().message);
    return spec.name;
}

std::string BrokerContract::makeExchange(Connection& connection, const std::string& name,
                                         routing::ExchangeKind kind, const std::string& alternate) {
    ExchangeSpec spec;
    spec.name = exchangeNamed(name);
    spec.kind = kind;
    spec.alternate = alternate;
    const auto declared = connection.declare(spec);
    EXPECT_TRUE(declared) << (declared ? "" : declared.error().message);
    return spec.name;
}

Result<void> publish(Connection& connection, const std::string& queue, std::string_view body,
                     const Properties& properties) {
    return publishTo(connection, "", queue, body, properties);
}

Result<void> publishTo(Connection& connection, const std::string& exchange, const std::string& key,
                       std::string_view body, const Properties& properties, bool isMandatory) {
    const auto published = connection.publish(
        {exchange, key, properties, std::as_bytes(std::span(body)), isMandatory});
    return published ? connection.flush() : std::unexpected(published.error());
}

std::vector<std::string> take(Connection& connection, std::size_t count, bool isAcked) {
    std::vector<std::string> bodies;
    while (bodies.size() < count) {
        const auto delivery = await<Delivery>(connection);
        if (!delivery) {
            break;
        }
        bodies.push_back(textOf(delivery->body));
        if (isAcked) {
            EXPECT_TRUE(connection.ack(delivery->tag));
        }
    }
    return bodies;
}

std::vector<std::string> drain(Connection& connection, const std::string& queue) {
    std::vector<std::string> bodies;
    while (true) {
        const auto delivery = connection.get(queue, true);
        EXPECT_TRUE(delivery) << (delivery ? "" : delivery.error().message);
        if (!delivery || !*delivery) {
            return bodies;
        }
        bodies.push_back(textOf((*delivery)->body));
    }
}

bool isSilent(Connection& connection) {
    const auto event = connection.next(kSilence);
    return event && !*event;
}

bool comesToHave(Connection& connection, const std::string& queue, std::uint32_t ready) {
    const Nanoseconds endNs = steadyNow() + kPatience;
    while (true) {
        const auto state = connection.inspect(queue);
        if (!state) {
            return false;
        }
        if (state->ready == ready) {
            return true;
        }
        if (steadyNow() > endNs) {
            ADD_FAILURE() << queue << " has " << state->ready << " ready messages, not " << ready;
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::string awaitRefusal(Connection& connection, const Result<void>& published) {
    if (!published) {
        return published.error().message;
    }
    const Nanoseconds endNs = steadyNow() + kPatience;
    while (steadyNow() < endNs) {
        const auto event = connection.next(kPatience);
        if (!event) {
            return event.error().message;
        }
    }
    ADD_FAILURE() << "no error was reported";
    return {};
}

} // namespace interleave::broker
