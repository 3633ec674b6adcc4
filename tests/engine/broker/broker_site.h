// SPDX-License-Identifier: GPL-3.0-or-later
// A broker to be tested, of each kind, and the fixture of the contract: what every kind promises.
#pragma once

#include "engine/broker/broker.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::broker {

enum class SiteKind { Memory, Socket, RabbitMq };
std::string nameOf(SiteKind kind);

/// A broker that can be stopped and started.
class Site {
public:
    virtual ~Site() = default;
    virtual Broker& broker() = 0;
    virtual void stop() = 0;
    virtual void start() = 0;
};

/// Long enough for a busy machine; what is awaited ends the wait.
inline constexpr Nanoseconds kPatience = 20'000'000'000;
/// Long enough for what must not come to have come.
inline constexpr Nanoseconds kSilence = 30'000'000;

std::vector<std::byte> bytesOf(std::string_view text);
std::string textOf(const std::vector<std::byte>& body);

class BrokerContract : public testing::TestWithParam<SiteKind> {
protected:
    /// `isOwn`: the test stops its broker, so it is no other's.
    explicit BrokerContract(bool isOwn = false)
        : m_isOwn(isOwn) {}
    void SetUp() override;
    void TearDown() override;

    /// Unlike any other's, and removed at the end.
    std::string queueNamed(const std::string& name);
    std::string exchangeNamed(const std::string& name);
    std::unique_ptr<Connection> connect();

    /// With more of the spec set by `fill`; returns its name.
    std::string makeQueue(Connection& connection, const std::string& name,
                          const std::function<void(QueueSpec&)>& fill = {});
    std::string makeExchange(Connection& connection, const std::string& name,
                             routing::ExchangeKind kind, const std::string& alternate = {});

    Site& site() { return *m_site; }

private:
    bool m_isOwn;
    std::unique_ptr<Site> m_site;
    std::vector<std::string> m_queues;
    std::vector<std::string> m_exchanges;
};

/// Every test of the suite on every kind of broker.
#define INSTANTIATE_CONTRACT(suite)                                                                \
    INSTANTIATE_TEST_SUITE_P(                                                                      \
        , suite, testing::Values(SiteKind::Memory, SiteKind::Socket, SiteKind::RabbitMq),          \
        [](const auto& kind) { return nameOf(kind.param); })

/// Publishes to a queue by the default exchange, or to an exchange, and sends it.
Result<void> publish(Connection& connection, const std::string& queue, std::string_view body,
                     const Properties& properties = {});
Result<void> publishTo(Connection& connection, const std::string& exchange, const std::string& key,
                       std::string_view body, const Properties& properties = {},
                       bool isMandatory = false);

/// The next event of that type within kPatience; others before it are left out.
template <class T>
std::optional<T> await(Connection& connection) {
    while (true) {
        auto event = connection.next(kPatience);
        EXPECT_TRUE(event) << (event ? "" : event.error().message);
        if (!event || !*event) {
            return std::nullopt;
        }
        if (T* wanted = std::get_if<T>(&**event)) {
            return std::move(*wanted);
        }
    }
}
/// Bodies of the next `count` deliveries, as text; each acknowledged if so wanted.
std::vector<std::string> take(Connection& connection, std::size_t count, bool isAcked = true);
/// Bodies of what lies in the queue, by get(); they are gone then.
std::vector<std::string> drain(Connection& connection, const std::string& queue);
/// Whether nothing comes for kSilence.
bool isSilent(Connection& connection);
/// Waits until the queue has that many ready messages.
bool comesToHave(Connection& connection, const std::string& queue, std::uint32_t ready);

/// What a refused publish says, at once or with the next event; fails if it isn't refused.
std::string awaitRefusal(Connection& connection, const Result<void>& published);

} // namespace interleave::broker
