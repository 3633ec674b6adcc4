// SPDX-License-Identifier: GPL-3.0-or-later
// RabbitMQ that is not there, not what it should be, dies, takes nothing, or carries messages that
// aren't ours.
#include "engine/broker/broker_url.h"
#include "engine/broker/wait.h"
#include "tests/engine/broker/broker_site.h"
#include "tests/support/private_broker.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <arpa/inet.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace interleave::broker {
namespace {

using support::PrivateBroker;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Somebody who listens on a loopback port, and says one thing or nothing to whoever comes.
class Listener {
public:
    explicit Listener(std::string says)
        : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(m_fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
        m_port = ntohs(address.sin_port);
        EXPECT_EQ(::listen(m_fd, 4), 0);
        m_thread = std::jthread([this, says = std::move(says)] {
            const int client = ::accept(m_fd, nullptr, nullptr);
            EXPECT_EQ(::send(client, says.data(), says.size(), MSG_NOSIGNAL),
                      static_cast<ssize_t>(says.size()));
            char ignored[64];
            while (::recv(client, ignored, sizeof ignored, 0) > 0) {
            }
            ::close(client);
        });
    }
    ~Listener() {
        m_thread.join();
        ::close(m_fd);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    std::string url() const { return "amqp://u:s3cret@127.0.0.1:" + std::to_string(m_port); }

private:
    int m_fd;
    int m_port = 0;
    std::jthread m_thread;
};

void expectRefusal(const std::string& url, ErrorKind kind, const std::string& what) {
    const Nanoseconds beginNs = steadyNow();
    const auto broker = open(url);
    EXPECT_LT(steadyNow() - beginNs, 15'000'000'000);
    ASSERT_FALSE(broker);
    EXPECT_EQ(broker.error().kind, kind) << broker.error().message;
    EXPECT_THAT(broker.error().message,
                AllOf(HasSubstr(what), Not(HasSubstr("s3cret")), testing::EndsWith(".")));
}

TEST(NoBroker, AtARefusedPortSaysWhatToRun) {
    expectRefusal("amqp://u:s3cret@127.0.0.1:1/v", ErrorKind::MissingPart,
                  "packaging/broker start");
}

TEST(NoBroker, AtAnUnknownHostNamesIt) {
    expectRefusal("amqp://u:s3cret@no-such-host.invalid", ErrorKind::BadInput,
                  "no-such-host.invalid");
}

TEST(NoBroker, WhereSomethingElseAnswers) {
    const Listener web("HTTP/1.1 400 Bad Request\r\n\r\n");
    expectRefusal(web.url(), ErrorKind::MissingPart, "AMQP");
    const Listener tls("\x15\x03\x03\x02\x02\x46");
    expectRefusal(tls.url(), ErrorKind::MissingPart, "TLS");
}

TEST(NoBroker, WhereNobodySaysAnything) {
    const Listener silent("");
    expectRefusal(silent.url(), ErrorKind::MissingPart, "says nothing");
}

TEST(NoBroker, InMemoryThatIsOver) {
    expectRefusal("memory:@interleave-broker-0-gone", ErrorKind::MissingPart, "is over");
}

class RabbitMq : public testing::Test {
protected:
    void SetUp() override {
        if (!PrivateBroker::isInstalled()) {
            GTEST_SKIP() << PrivateBroker::kNotInstalled;
        }
    }
    /// The shared node's url with another user, password or virtual host.
    static std::string urlWith(const std::string& user, const std::string& password,
                               const std::string& vhost) {
        const BrokerUrl url = *parseBrokerUrl(PrivateBroker::shared()->url());
        return "amqp://" + (user.empty() ? url.user : user) + ":" +
               (password.empty() ? url.password : password) +
               "@127.0.0.1:" + std::to_string(url.port) + "/" + (vhost.empty() ? url.vhost : vhost);
    }
};

/// Waits until a node has written a name to its disk: a queue that is declared shortly before the
/// node is killed is durable only then.
bool isWritten(const std::string& folder, const std::string& name) {
    const Nanoseconds endNs = steadyNow() + kPatience;
    while (steadyNow() < endNs) {
        std::error_code ignored;
        for (std::filesystem::recursive_directory_iterator entry(folder, ignored), end;
             !ignored && entry != end; entry.increment(ignored)) {
            const std::string kind = entry->path().extension();
            if (kind != ".LOG" && kind != ".DCL" && kind != ".DCD") {
                continue; // not of the tables that a node starts from
            }
            std::ifstream file(entry->path(), std::ios::binary);
            const std::string text((std::istreambuf_iterator<char>(file)),
                                   std::istreambuf_iterator<char>());
            if (text.find(name) != std::string::npos) {
                return true;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

TEST_F(RabbitMq, RefusesAWrongPasswordUserOrVirtualHost) {
    ASSERT_TRUE(PrivateBroker::shared());
    expectRefusal(urlWith("", "s3cret", ""), ErrorKind::BadInput, "password");
    expectRefusal(urlWith("nobody", "s3cret", ""), ErrorKind::BadInput, "\"nobody\"");
    expectRefusal(urlWith("", "", "nowhere"), ErrorKind::BadInput, "\"nowhere\"");
}

TEST_F(RabbitMq, IsDescribedWithoutUserAndPassword) {
    ASSERT_TRUE(PrivateBroker::shared());
    const auto broker = open(PrivateBroker::shared()->url());
    ASSERT_TRUE(broker) << broker.error().message;
    const BrokerUrl url = *parseBrokerUrl(PrivateBroker::shared()->url());
    EXPECT_THAT((*broker)->description(),
                AllOf(testing::StartsWith("RabbitMQ "), testing::EndsWith(" at " + url.text()),
                      Not(HasSubstr(url.password))));
}

TEST_F(RabbitMq, CarriesMessagesThatAreNotOurs) {
    ASSERT_TRUE(PrivateBroker::shared());
    const BrokerUrl url = *parseBrokerUrl(PrivateBroker::shared()->url());
    const auto broker = open(PrivateBroker::shared()->url());
    ASSERT_TRUE(broker);
    const auto connection = (*broker)->connect("test");
    ASSERT_TRUE(connection);
    QueueSpec spec;
    spec.isExclusive = true;
    const std::string queue = (*connection)->declare(spec)->name;

    amqp_connection_state_t state = amqp_new_connection();
    ASSERT_EQ(amqp_socket_open(amqp_tcp_socket_new(state), url.host.c_str(), url.port), 0);
    amqp_login(state, url.vhost.c_str(), 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, url.user.c_str(),
               url.password.c_str());
    ASSERT_TRUE(amqp_channel_open(state, 1));
    amqp_table_entry_t entries[4]{};
    entries[0].key = amqp_cstring_bytes("nothing");
    entries[0].value.kind = AMQP_FIELD_KIND_VOID;
    entries[1].key = amqp_cstring_bytes("half");
    entries[1].value.kind = AMQP_FIELD_KIND_F64;
    entries[1].value.value.f64 = 0.5;
    entries[2].key = amqp_cstring_bytes("x-death");
    entries[2].value.kind = AMQP_FIELD_KIND_I32;
    entries[2].value.value.i32 = 7;
    entries[3].key = amqp_cstring_bytes("count");
    entries[3].value.kind = AMQP_FIELD_KIND_I32;
    entries[3].value.value.i32 = 7;
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_CONTENT_ENCODING_FLAG |
                        AMQP_BASIC_APP_ID_FLAG | AMQP_BASIC_TIMESTAMP_FLAG;
    properties.headers = {4, entries};
    properties.content_encoding = amqp_cstring_bytes("latin-1");
    properties.app_id = amqp_cstring_bytes("else");
    properties.timestamp = 1;
    ASSERT_EQ(amqp_basic_publish(state, 1, amqp_empty_bytes, amqp_cstring_bytes(queue.c_str()), 0,
                                 0, &properties, amqp_cstring_bytes("\xff not json")),
              0);
    amqp_connection_close(state, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(state);

    ASSERT_TRUE((*connection)->consume(queue, {}));
    const auto delivery = await<Delivery>(**connection);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(textOf(delivery->body), "\xff not json");
    EXPECT_EQ(delivery->properties.headers, (routing::Headers{{"count", std::int64_t{7}}}));
    EXPECT_TRUE(delivery->deaths.empty());
}

TEST_F(RabbitMq, ThatIsKilledLeavesEveryPublishAccountedFor) {
    const auto node = PrivateBroker::own();
    ASSERT_TRUE(node);
    const auto broker = open(node->url());
    ASSERT_TRUE(broker) << broker.error().message;
    auto connection = (*broker)->connect("test");
    ASSERT_TRUE(connection);
    const std::string queue = "outlives its broker";
    ASSERT_TRUE((*connection)->declare(QueueSpec{.name = queue, .isDurable = true}));
    ASSERT_TRUE(isWritten(node->folder() + "/mnesia", queue));
    ASSERT_TRUE((*connection)->enableConfirms());
    constexpr std::uint64_t kCount = 10'000;
    Properties properties;
    properties.isPersistent = true;
    std::uint64_t published = 0;
    while (published < kCount && (*connection)->publish({"", queue, properties, bytesOf("x")})) {
        ++published;
    }
    ASSERT_EQ(published, kCount);
    ASSERT_TRUE((*connection)->flush());
    std::set<std::uint64_t> unconfirmed;
    for (std::uint64_t i = 1; i <= kCount; ++i) {
        unconfirmed.insert(unconfirmed.end(), i);
    }
    const auto first = await<Confirmed>(**connection);
    ASSERT_TRUE(first);
    node->kill();
    std::optional<Event> event(*first);
    std::string why;
    while (event) {
        const auto& confirmed = std::get<Confirmed>(*event);
        EXPECT_TRUE(confirmed.isAccepted);
        unconfirmed.erase(confirmed.isMultiple ? unconfirmed.begin()
                                               : unconfirmed.find(confirmed.sequence),
                          unconfirmed.upper_bound(confirmed.sequence));
        auto next = (*connection)->next(kPatience);
        why = next ? "" : next.error().message;
        event = next ? *next : std::nullopt;
    }
    EXPECT_THAT(why, HasSubstr("is lost"));
    EXPECT_TRUE((*connection)->isLost());
    EXPECT_FALSE((*connection)->publish({"", queue, properties, {}}));

    ASSERT_TRUE(node->start());
    connection = (*broker)->connect("test");
    ASSERT_TRUE(connection) << connection.error().message;
    const auto state = (*connection)->inspect(queue);
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_GE(state->ready, kCount - unconfirmed.size()) << "what was confirmed is there";
    EXPECT_LE(state->ready, kCount);
}

TEST_F(RabbitMq, ThatIsShortOfRoomSaysThatItTakesNothing) {
    const auto node = PrivateBroker::own();
    ASSERT_TRUE(node);
    node->stop();
    ASSERT_EQ(std::system(("sed -i s/10MB/900000GB/ " + node->folder() + "/rabbitmq.conf").c_str()),
              0);
    ASSERT_TRUE(node->start());
    const auto broker = open(node->url());
    ASSERT_TRUE(broker) << broker.error().message;
    const auto connection = (*broker)->connect("test");
    ASSERT_TRUE(connection);
    ASSERT_TRUE((*connection)->declare(QueueSpec{.name = "q"}));
    const std::vector<std::byte> body(1'000'000);
    std::optional<Event> event;
    const Nanoseconds endNs = steadyNow() + kPatience;
    while (!event && steadyNow() < endNs) {
        ASSERT_TRUE((*connection)->publish({"", "q", {}, body}));
        const auto next = (*connection)->next(kSilence);
        ASSERT_TRUE(next) << next.error().message;
        event = *next;
    }
    ASSERT_TRUE(event);
    const auto* blocked = std::get_if<Blocked>(&*event);
    ASSERT_NE(blocked, nullptr);
    EXPECT_TRUE(blocked->isBlocked);
    EXPECT_THAT(blocked->reason, HasSubstr("disk"));
    const auto asked = (*connection)->inspect("q");
    ASSERT_FALSE(asked) << "it would never be answered";
    EXPECT_THAT(asked.error().message, HasSubstr("takes no publishes"));
    (*connection)->cut();
}

} // namespace
} // namespace interleave::broker
