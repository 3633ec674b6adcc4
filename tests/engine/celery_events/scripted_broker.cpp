// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/celery_events/scripted_broker.h"

#include <chrono>

namespace interleave::celery_events {

class ScriptedConnection : public broker::Connection {
public:
    ScriptedConnection(ScriptedBroker& broker, int epoch)
        : m_broker(broker)
        , m_epoch(epoch) {}

    bool isLost() const override {
        const std::scoped_lock lock(m_broker.m_mutex);
        return m_epoch != m_broker.m_epoch;
    }
    int fd() const override { return -1; }
    Result<void> declare(const broker::ExchangeSpec&) override { return state(); }
    Result<broker::QueueState> declare(const broker::QueueSpec& queue) override {
        return broker::QueueState{queue.name.empty() ? "made-up" : queue.name, 0, 0};
    }
    Result<broker::QueueState> inspect(const std::string& queue) override {
        return broker::QueueState{queue, 0, 0};
    }
    Result<void> bind(const std::string& exchange, const std::string&,
                      const routing::Binding&) override {
        m_isOfEvents = m_isOfEvents || exchange == "celeryev";
        return state();
    }
    Result<void> unbind(const std::string&, const std::string&, const routing::Binding&) override {
        return state();
    }
    Result<std::uint32_t> purge(const std::string&) override { return 0; }
    Result<std::uint32_t> removeQueue(const std::string&) override { return 0; }
    Result<void> removeExchange(const std::string&) override { return state(); }
    Result<void> enableConfirms() override { return state(); }
    Result<std::uint64_t> publish(const broker::Outgoing& message) override {
        const std::scoped_lock lock(m_broker.m_mutex);
        m_broker.m_published.push_back(
            std::string(message.exchange) + " " +
            std::string(reinterpret_cast<const char*>(message.body.data()), message.body.size()));
        return 0;
    }
    Result<void> flush() override { return state(); }
    Result<void> setPrefetch(std::uint16_t) override { return state(); }
    Result<std::string> consume(const std::string&, const broker::ConsumeOptions&) override {
        return std::string("tag");
    }
    Result<void> cancel(const std::string&) override { return state(); }
    Result<void> ack(std::uint64_t, bool) override { return state(); }
    Result<void> reject(std::uint64_t, bool, bool) override { return state(); }
    Result<std::optional<broker::Delivery>> get(const std::string&, bool) override {
        return std::nullopt;
    }
    Result<std::optional<broker::Event>> next(Nanoseconds waitNs, int) override {
        std::unique_lock lock(m_broker.m_mutex);
        m_broker.m_changed.wait_for(lock, std::chrono::nanoseconds(waitNs), [&] {
            return m_epoch != m_broker.m_epoch || (m_isOfEvents && !m_broker.m_bodies.empty());
        });
        if (m_epoch != m_broker.m_epoch) {
            return fail("The scripted broker has gone.", ErrorKind::MissingPart);
        }
        if (!m_isOfEvents || m_broker.m_bodies.empty()) {
            return std::nullopt;
        }
        broker::Delivery delivery;
        const std::string& body = m_broker.m_bodies.front();
        const auto bytes = std::as_bytes(std::span(body));
        delivery.body.assign(bytes.begin(), bytes.end());
        m_broker.m_bodies.pop_front();
        m_broker.m_changed.notify_all();
        return broker::Event(std::move(delivery));
    }
    void close() override {}
    void cut() override {}

private:
    Result<void> state() const {
        return isLost() ? fail("The scripted broker has gone.", ErrorKind::MissingPart)
                        : Result<void>();
    }

    ScriptedBroker& m_broker;
    int m_epoch;
    bool m_isOfEvents = false;
};

void ScriptedBroker::say(const std::string& body) {
    const std::scoped_lock lock(m_mutex);
    m_bodies.push_back(body);
    m_changed.notify_all();
}

void ScriptedBroker::goAway() {
    const std::scoped_lock lock(m_mutex);
    ++m_epoch;
    m_isAway = true;
    m_changed.notify_all();
}

void ScriptedBroker::comeBack() {
    const std::scoped_lock lock(m_mutex);
    m_isAway = false;
}

std::vector<std::string> ScriptedBroker::published() const {
    const std::scoped_lock lock(m_mutex);
    return m_published;
}

void ScriptedBroker::waitForConnections(int count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_connections >= count; });
}

void ScriptedBroker::waitUntilAllIsRead() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_bodies.empty(); });
}

Result<std::unique_ptr<broker::Connection>> ScriptedBroker::connect(const std::string&) {
    const std::scoped_lock lock(m_mutex);
    if (m_isAway) {
        return fail("No broker answers at amqp://test.", ErrorKind::MissingPart);
    }
    ++m_connections;
    m_changed.notify_all();
    return std::make_unique<ScriptedConnection>(*this, m_epoch);
}

} // namespace interleave::celery_events
