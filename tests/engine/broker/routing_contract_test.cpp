// SPDX-License-Identifier: GPL-3.0-or-later
// Which queues a message reaches: the broker and the rules of engine/routing say exactly the same,
// over generated bindings, keys and headers.
#include "tests/engine/broker/broker_site.h"

#include <fmt/format.h>
#include <map>
#include <random>
#include <set>

namespace interleave::broker {
namespace {

using routing::Binding;
using enum routing::ExchangeKind;

class Routing : public BrokerContract {
protected:
    struct Sent {
        std::string key;
        routing::Headers headers;
    };
    static constexpr std::uint32_t kSeed = 20240229; // the same tests everywhere

    /// Binds a queue for each binding, publishes, and compares who got what with the rules.
    void compare(routing::ExchangeKind kind, const std::vector<Binding>& bindings,
                 const std::vector<Sent>& messages) {
        const auto connection = connect();
        const std::string exchange = makeExchange(*connection, "x", kind);
        std::map<std::string, std::size_t> indexOf; // consumer tag -> binding
        for (std::size_t i = 0; i < bindings.size(); ++i) {
            const std::string queue = makeQueue(*connection, "q");
            ASSERT_TRUE(connection->bind(exchange, queue, bindings[i]));
            const auto tag = connection->consume(queue, {.isAutoAck = true});
            ASSERT_TRUE(tag);
            indexOf[*tag] = i;
        }
        const std::string last = makeQueue(*connection, "last");
        const auto lastTag = connection->consume(last, {.isAutoAck = true});
        std::set<std::pair<std::size_t, std::size_t>> expected; // (message, binding)
        for (std::size_t m = 0; m < messages.size(); ++m) {
            Properties properties;
            properties.messageId = fmt::format("{}", m);
            properties.headers = messages[m].headers;
            ASSERT_TRUE(connection->publish({exchange, messages[m].key, properties, {}}));
            for (std::size_t b = 0; b < bindings.size(); ++b) {
                if (routing::routes(kind, bindings[b], messages[m].key, messages[m].headers)) {
                    expected.emplace(m, b);
                }
            }
        }
        std::set<std::pair<std::size_t, std::size_t>> got;
        while (got.size() < expected.size()) {
            const auto delivery = await<Delivery>(*connection);
            ASSERT_TRUE(delivery);
            const std::pair one{std::stoul(delivery->properties.messageId),
                                indexOf.at(delivery->consumer)};
            EXPECT_TRUE(got.insert(one).second) << "message " << one.first << " twice";
        }
        // What comes after all of them comes last, so nothing else was sent.
        ASSERT_TRUE(publish(*connection, last, ""));
        const auto end = await<Delivery>(*connection);
        ASSERT_TRUE(end);
        EXPECT_EQ(end->consumer, *lastTag)
            << "somebody got a message that the rules give to nobody";
        EXPECT_EQ(got, expected);
        EXPECT_FALSE(expected.empty());
    }
};

std::string randomWords(std::mt19937& random, const std::vector<std::string>& words,
                        std::size_t most) {
    std::string text;
    const std::size_t count = random() % (most + 1);
    for (std::size_t i = 0; i < count; ++i) {
        text += (i > 0 ? "." : "") + words[random() % words.size()];
    }
    return text;
}

TEST_P(Routing, OfTopicsFollowsTheRulesForGeneratedPatterns) {
    std::mt19937 random(kSeed);
    std::vector<Binding> bindings;
    std::set<std::string> patterns{"#", "*", "", "*.*", "#.#", "a.#.b", "#.a", "*.#", "a..b", "."};
    while (patterns.size() < 60) {
        patterns.insert(randomWords(random, {"a", "b", "*", "#", ""}, 5));
    }
    for (const std::string& pattern : patterns) {
        bindings.push_back({.key = pattern});
    }
    std::vector<Sent> messages{{"", {}}, {"a", {}}, {".", {}}, {"a.", {}}, {"#", {}}, {"a.*", {}}};
    for (int i = 0; i < 120; ++i) {
        messages.push_back({randomWords(random, {"a", "b", "c", ""}, 6), {}});
    }
    compare(Topic, bindings, messages);
}

TEST_P(Routing, OfHeadersFollowsTheRulesForGeneratedBindings) {
    std::mt19937 random(kSeed);
    const std::vector<routing::HeaderValue> values{std::int64_t{1},  std::int64_t{2}, true, false,
                                                   std::string("1"), std::string("")};
    const auto randomHeaders = [&](std::size_t most) {
        std::map<std::string, routing::HeaderValue> chosen;
        const std::size_t count = random() % (most + 1);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string names[] = {"a", "b", "c", "x-d"};
            chosen[names[random() % 4]] = values[random() % values.size()];
        }
        return routing::Headers(chosen.begin(), chosen.end());
    };
    std::vector<Binding> bindings;
    for (int i = 0; i < 40; ++i) {
        bindings.push_back(
            {.headers = randomHeaders(3),
             .match = random() % 2 == 0 ? routing::HeaderMatch::All : routing::HeaderMatch::Any});
    }
    std::vector<Sent> messages;
    for (int i = 0; i < 120; ++i) {
        messages.push_back({"", randomHeaders(4)});
    }
    compare(Headers, bindings, messages);
}

TEST_P(Routing, OfDirectAndFanoutExchanges) {
    const std::vector<Binding> bindings{{.key = "a"}, {.key = "b"}, {.key = "a"}, {.key = "*"}};
    const std::vector<Sent> messages{{"a", {}}, {"b", {}}, {"c", {}}, {"*", {}}, {"a.b", {}}};
    compare(Direct, bindings, messages);
    compare(Fanout, bindings, messages);
}

TEST_P(Routing, SendsOneCopyByTwoBindings) {
    const auto connection = connect();
    const std::string exchange = makeExchange(*connection, "x", Topic);
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(connection->bind(exchange, queue, {.key = "a.#"}));
    ASSERT_TRUE(connection->bind(exchange, queue, {.key = "#.b"}));
    ASSERT_TRUE(publishTo(*connection, exchange, "a.b", "1"));
    ASSERT_TRUE(publishTo(*connection, exchange, "a.c", "2"));
    ASSERT_TRUE(comesToHave(*connection, queue, 2));
    EXPECT_TRUE(connection->unbind(exchange, queue, {.key = "a.#"}));
    ASSERT_TRUE(publishTo(*connection, exchange, "a.c", "3"));
    ASSERT_TRUE(publishTo(*connection, exchange, "c.b", "4"));
    ASSERT_TRUE(comesToHave(*connection, queue, 3));
    EXPECT_THAT(drain(*connection, queue), testing::ElementsAre("1", "2", "4"));
}

TEST_P(Routing, WhatNoQueueWantsGoesToTheAlternateExchange) {
    const auto connection = connect();
    const std::string spare = makeExchange(*connection, "spare", Fanout);
    const std::string exchange = makeExchange(*connection, "x", Direct, spare);
    const std::string queue = makeQueue(*connection, "q");
    const std::string rest = makeQueue(*connection, "rest");
    ASSERT_TRUE(connection->bind(exchange, queue, {.key = "known"}));
    ASSERT_TRUE(connection->bind(spare, rest, {}));
    ASSERT_TRUE(publishTo(*connection, exchange, "known", "1", {}, true));
    ASSERT_TRUE(publishTo(*connection, exchange, "unknown", "2", {}, true));
    ASSERT_TRUE(comesToHave(*connection, queue, 1));
    ASSERT_TRUE(comesToHave(*connection, rest, 1));
    const auto delivery = connection->get(rest, true);
    ASSERT_TRUE(delivery && *delivery);
    EXPECT_EQ((*delivery)->exchange, exchange) << "it was published there";
    EXPECT_TRUE(isSilent(*connection)) << "nothing is returned";
}

INSTANTIATE_CONTRACT(Routing);

} // namespace
} // namespace interleave::broker
