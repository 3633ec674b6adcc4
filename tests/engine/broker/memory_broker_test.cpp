// SPDX-License-Identifier: GPL-3.0-or-later
// What only the memory broker promises: it tells what becomes of each message, and nothing in it
// holds up a stop.
#include "engine/broker/memory_broker.h"
#include "engine/broker/wait.h"
#include "tests/engine/broker/broker_site.h"

#include <map>
#include <mutex>
#include <thread>

namespace interleave::broker {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

class Fates final : public BrokerObserver {
public:
    void onFate(const MessageFate& fate) override {
        const std::lock_guard lock(m_mutex);
        m_fates[fate.properties.messageId].emplace_back(fate.fate, fate.queue);
    }
    std::vector<std::pair<Fate, std::string>> of(const std::string& id) {
        const std::lock_guard lock(m_mutex);
        return m_fates[id];
    }
    std::size_t count(Fate fate) {
        const std::lock_guard lock(m_mutex);
        std::size_t found = 0;
        for (const auto& [id, fates] : m_fates) {
            found += static_cast<std::size_t>(
                std::ranges::count(fates, fate, &std::pair<Fate, std::string>::first));
        }
        return found;
    }

private:
    std::mutex m_mutex;
    std::map<std::string, std::vector<std::pair<Fate, std::string>>> m_fates;
};

class MemoryBrokerTest : public testing::Test {
protected:
    MemoryBrokerTest()
        : m_broker(*MemoryBroker::create()) {
        m_broker->setObserver(&m_fates);
    }
    ~MemoryBrokerTest() override { m_broker->setObserver(nullptr); }

    std::unique_ptr<Connection> connect() { return *m_broker->connect("test"); }
    static void declare(Connection& connection, const QueueSpec& spec) {
        const auto declared = connection.declare(spec);
        ASSERT_TRUE(declared) << declared.error().message;
    }
    static Properties named(const std::string& id, bool isPersistent = false) {
        Properties properties;
        properties.messageId = id;
        properties.isPersistent = isPersistent;
        return properties;
    }

    Fates m_fates;
    std::unique_ptr<MemoryBroker> m_broker;
};

TEST_F(MemoryBrokerTest, TellsTheWayOfADeadLetter) {
    const auto connection = connect();
    declare(*connection, {.name = "grave"});
    declare(*connection, {.name = "q",
                          .messageTtlNs = 5'000'000,
                          .maxLength = 1,
                          .deadLetterExchange = "",
                          .deadLetterKey = "grave"});
    ASSERT_TRUE(publish(*connection, "q", "", named("overflowed")));
    ASSERT_TRUE(publish(*connection, "q", "", named("expired")));
    ASSERT_TRUE(comesToHave(*connection, "grave", 2));

    EXPECT_THAT(m_fates.of("overflowed"),
                ElementsAre(Pair(Fate::Queued, "q"), Pair(Fate::Overflowed, "q"),
                            Pair(Fate::DeadLettered, "grave")));
    EXPECT_THAT(m_fates.of("expired"),
                ElementsAre(Pair(Fate::Queued, "q"), Pair(Fate::Expired, "q"),
                            Pair(Fate::DeadLettered, "grave")));
}

TEST_F(MemoryBrokerTest, TellsWhatNobodyWantedAndWhatWasPurged) {
    const auto connection = connect();
    declare(*connection, {.name = "q"});
    ASSERT_TRUE(publish(*connection, "nowhere", "", named("dropped")));
    ASSERT_TRUE(publishTo(*connection, "", "nowhere", "", named("returned"), true));
    ASSERT_TRUE(publish(*connection, "q", "", named("purged")));
    EXPECT_TRUE(connection->purge("q"));

    EXPECT_THAT(m_fates.of("dropped"), ElementsAre(Pair(Fate::Unroutable, "")));
    EXPECT_THAT(m_fates.of("returned"), ElementsAre(Pair(Fate::Returned, "")));
    EXPECT_THAT(m_fates.of("purged"),
                ElementsAre(Pair(Fate::Queued, "q"), Pair(Fate::Purged, "q")));
}

TEST_F(MemoryBrokerTest, TellsWhatComesBackFromALostConnection) {
    const auto publisher = connect();
    const auto consumer = connect();
    declare(*publisher, {.name = "acked-late"});
    declare(*publisher, {.name = "acked-early"});
    ASSERT_TRUE(consumer->consume("acked-late", {}));
    ASSERT_TRUE(consumer->consume("acked-early", {.isAutoAck = true}));
    ASSERT_TRUE(publish(*publisher, "acked-late", "", named("late")));
    ASSERT_TRUE(publish(*publisher, "acked-early", "", named("early")));
    consumer->cut();

    EXPECT_THAT(m_fates.of("late"),
                ElementsAre(Pair(Fate::Queued, "acked-late"), Pair(Fate::Requeued, "acked-late")));
    EXPECT_THAT(m_fates.of("early"),
                ElementsAre(Pair(Fate::Queued, "acked-early"), Pair(Fate::Lost, "acked-early")))
        << "delivered, but nobody had read it";
}

TEST_F(MemoryBrokerTest, TellsWhatARestartHasLost) {
    const auto connection = connect();
    declare(*connection, {.name = "durable", .isDurable = true});
    declare(*connection, {.name = "transient"});
    ASSERT_TRUE(publish(*connection, "durable", "", named("stays", true)));
    ASSERT_TRUE(publish(*connection, "durable", "", named("goes")));
    ASSERT_TRUE(publish(*connection, "transient", "", named("goes with its queue", true)));
    m_broker->stop();
    m_broker->start();

    EXPECT_THAT(m_fates.of("stays"), ElementsAre(Pair(Fate::Queued, "durable")));
    EXPECT_THAT(m_fates.of("goes"),
                ElementsAre(Pair(Fate::Queued, "durable"), Pair(Fate::Lost, "durable")));
    EXPECT_THAT(m_fates.of("goes with its queue"),
                ElementsAre(Pair(Fate::Queued, "transient"), Pair(Fate::Lost, "transient")));
}

TEST_F(MemoryBrokerTest, StopsWhilePublishersAndConsumersAreBusy) {
    {
        const auto connection = connect();
        declare(*connection, {.name = "q", .isDurable = true});
    }
    std::atomic<std::size_t> published = 0;
    std::atomic<std::size_t> acked = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
        // Each has its connection before the stop, however late its thread begins.
        threads.emplace_back([&, connection = connect()] {
            while (connection->publish({"", "q", named("m", true), {}}) && connection->flush()) {
                ++published;
            }
        });
        threads.emplace_back([&, connection = connect()] {
            if (!connection->consume("q", {})) {
                return;
            }
            while (const auto event = connection->next(kPatience)) {
                if (*event && connection->ack(std::get<Delivery>(**event).tag)) {
                    ++acked;
                }
            }
        });
    }
    while (acked < 1000) {
        std::this_thread::yield();
    }
    const Nanoseconds beginNs = steadyNow();
    m_broker->stop();
    threads.clear();
    EXPECT_LT(steadyNow() - beginNs, 5'000'000'000);

    m_broker->start();
    const auto connection = connect();
    EXPECT_EQ(connection->inspect("q")->ready, published - acked)
        << "every message is accounted for";
}

TEST_F(MemoryBrokerTest, ACallerThatWaitsIsWokenByTheStop) {
    std::atomic<bool> isWaiting = false;
    std::jthread thread([&] {
        const auto connection = connect();
        isWaiting = true;
        const auto event = connection->next(kPatience * 10);
        EXPECT_FALSE(event);
    });
    while (!isWaiting) {
        std::this_thread::yield();
    }
    m_broker->stop();
}

TEST_F(MemoryBrokerTest, AConnectionOutlivesItsBroker) {
    const auto connection = connect();
    declare(*connection, {.name = "q"});
    m_broker.reset();
    EXPECT_TRUE(connection->isLost());
    EXPECT_FALSE(connection->publish({"", "q", {}, {}}) && connection->flush());
    m_broker = *MemoryBroker::create(); // for the destructor
}

} // namespace
} // namespace interleave::broker
