// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets which message, as a run does it, on the memory broker.
#include "engine/routing/routing.h"
#include "tests/engine/models_pubsub/message_checks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <random>

namespace interleave::models {
namespace {

using record::EventKind;
using testing::IsEmpty;

std::string handlerOf(int queue) {
    return fmt::format(R"(
        [[task]]
        name = "handler {0}"
        on = "q{0}"
        consumers = 1
        steps = []
    )",
                       queue);
}

TEST(PubsubRouting, AFanoutExchangeMakesOneTaskForEachQueue) {
    std::string text = R"(
        [[exchange]]
        name = "news"
        kind = "fanout"
        [[task]]
        name = "reporter"
        steps = [{ publish = "news", count = 7, bytes = "100 B" }]
    )";
    for (int i = 0; i < 4; ++i) {
        text += fmt::format(
                    "[[message_queue]]\nname = \"q{}\"\nbind = [{{ exchange = \"news\" }}]\n", i) +
                handlerOf(i);
    }
    const ModelRun run = runPubsub(text);
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.program.tasks.size(), 1u + 4 * 7);
    EXPECT_EQ(run.countEnds(State::Done), run.program.tasks.size());
    EXPECT_EQ(run.count(EventKind::MessagePublished), 7u);
    EXPECT_EQ(run.count(EventKind::MessageRouted), 28u);
    for (int i = 0; i < 4; ++i) {
        const auto delivered = deliveredFrom(run, fmt::format("q{}", i));
        EXPECT_EQ(delivered, (std::multiset<std::uint32_t>{1, 2, 3, 4, 5, 6, 7}));
    }
}

/// Random words of a small alphabet, so that patterns match now and then.
class Words {
public:
    std::string key() { return dotted({"a", "b", "c"}); }
    std::string pattern() { return dotted({"a", "b", "*", "#"}); }

private:
    std::string dotted(const std::vector<std::string>& alphabet) {
        std::string text;
        const std::size_t length = 1 + m_random() % 3;
        for (std::size_t i = 0; i < length; ++i) {
            text += (i == 0 ? "" : ".") + alphabet[m_random() % alphabet.size()];
        }
        return text;
    }
    std::mt19937 m_random{5};
};

TEST(PubsubRouting, TopicExchangesDeliverExactlyTheSetsThatTheRulesSay) {
    Words words;
    std::vector<std::string> patterns;
    std::vector<std::string> keys;
    std::string text = "[[exchange]]\nname = \"t\"\nkind = \"topic\"\n";
    for (int i = 0; i < 12; ++i) {
        patterns.push_back(words.pattern());
        text += fmt::format("[[message_queue]]\nname = \"q{}\"\n"
                            "bind = [{{ exchange = \"t\", key = \"{}\" }}, "
                            "{{ exchange = \"t\", key = \"always\" }}]\n",
                            i, patterns.back()) +
                handlerOf(i);
    }
    std::string list;
    for (int i = 0; i < 40; ++i) {
        keys.push_back(i == 0 ? "always" : words.key());
        list += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", keys.back());
    }
    text +=
        fmt::format("[[task]]\nname = \"p\"\nsteps = [{{ publish = \"t\", keys = [{}] }}]\n", list);
    const ModelRun run = runPubsub(text);
    EXPECT_THAT(accountFaults(run), IsEmpty());
    for (std::size_t q = 0; q < patterns.size(); ++q) {
        std::multiset<std::uint32_t> expected;
        for (std::size_t k = 0; k < keys.size(); ++k) {
            if (k == 0 || routing::topicMatches(patterns[q], keys[k])) {
                expected.insert(static_cast<std::uint32_t>(k + 1));
            }
        }
        EXPECT_EQ(deliveredFrom(run, fmt::format("q{}", q)), expected) << patterns[q];
    }
}

TEST(PubsubRouting, AQueueThatIsBoundTwiceGetsOneCopy) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "levels"
        kind = "direct"
        [[message_queue]]
        name = "all"
        bind = [{ exchange = "levels", key = "info" }, { exchange = "levels", key = "error" }]
        [[message_queue]]
        name = "errors"
        bind = [{ exchange = "levels", key = "error" }]
        [[task]]
        name = "program"
        steps = [{ publish = "levels", keys = ["info", "error", "info"], count = 6 }]
        [[task]]
        name = "see"
        on = "all"
        steps = []
        [[task]]
        name = "alarm"
        on = "errors"
        steps = []
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(deliveredFrom(run, "all").size(), 6u);
    EXPECT_EQ(deliveredFrom(run, "errors"), (std::multiset<std::uint32_t>{2, 5}));
}

TEST(PubsubRouting, HeadersMatchAllOrAny) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "h"
        kind = "headers"
        [[message_queue]]
        name = "both"
        bind = [{ exchange = "h", headers = { type = "pdf", size = 4 }, match = "all" }]
        [[message_queue]]
        name = "either"
        bind = [{ exchange = "h", headers = { type = "pdf", size = 4 }, match = "any" }]
        [[task]]
        name = "p"
        steps = [
          { publish = "h", headers = { type = "pdf", size = 4 } },
          { publish = "h", headers = { type = "pdf", size = 5 } },
          { publish = "h", headers = { type = "zip" } },
        ]
        [[task]]
        name = "b"
        on = "both"
        steps = []
        [[task]]
        name = "e"
        on = "either"
        steps = []
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(deliveredFrom(run, "both"), (std::multiset<std::uint32_t>{1}));
    EXPECT_EQ(deliveredFrom(run, "either"), (std::multiset<std::uint32_t>{1, 2}));
    EXPECT_EQ(run.count(EventKind::MessageUnroutable), 1u);
}

TEST(PubsubRouting, EventsGoOnFromServiceToService) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "events"
        kind = "topic"
        [[message_queue]]
        name = "payment"
        bind = [{ exchange = "events", key = "order.placed" }]
        [[message_queue]]
        name = "parcel"
        bind = [{ exchange = "events", key = "order.paid" }]
        [[message_queue]]
        name = "mail"
        bind = [{ exchange = "events", key = "order.#" }]
        [[task]]
        name = "order"
        count = 3
        steps = [{ publish = "events", key = "order.placed" }]
        [[task]]
        name = "pay"
        on = "payment"
        steps = [{ sleep = "1 ms" }, { publish = "events", key = "order.paid" }]
        [[task]]
        name = "pack"
        on = "parcel"
        steps = [{ publish = "events", key = "order.sent" }]
        [[task]]
        name = "write"
        on = "mail"
        steps = []
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.program.tasks.size(), 3u * 6);
    EXPECT_EQ(run.countEnds(State::Done), 18u);
    // Each service begins after the one before it has spoken.
    for (const scenario::Task& task : run.program.tasks) {
        if (task.handles) {
            const auto parent = run.stretches(task.parent, State::Running);
            const auto own = run.stretches(task.id, State::Running);
            ASSERT_FALSE(parent.empty() || own.empty()) << task.name;
            EXPECT_GT(own.front().range.beginNs, parent.front().range.beginNs) << task.name;
        }
    }
}

} // namespace
} // namespace interleave::models
