// SPDX-License-Identifier: GPL-3.0-or-later
// The models that a real library executes: every task goes through the states of its life, and what
// is wrong with a broker or an interpreter is said in one sentence, without a password.
#include "tests/truth/library_run.h"
#include "tests/truth/private_services.h"

#include <gmock/gmock.h>
#include <set>

namespace interleave::truth {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kScenario = R"(
name = "Orders"
[run]
workers = 2
[[task]]
name = "order"
count = 4
payload = "100 B"
result = "50 B"
steps = [ { compute = "2 ms" }, { sleep = "20 ms" } ]
[[task]]
name = "again"
retries = 1
retry_delay = "RETRY"
steps = [ { compute = "1 ms" }, { fail = "first-try" } ]
[[task]]
name = "broken"
steps = [ { fail = "always" } ]
[[task]]
name = "bill"
after = "order"
steps = [ { compute = "1 ms" } ]
)";

RecordedDay runLibrary(const std::string& model, const std::string& broker,
                       const std::string& retryDelay, const std::vector<std::string>& more = {}) {
    std::string text = kScenario;
    text.replace(text.find("RETRY"), 5, retryDelay);
    return runUnder(model, broker, text, more);
}

void expectLives(const RecordedDay& day, const std::string& once) {
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    for (int i = 1; i <= 4; ++i) {
        EXPECT_EQ(day.lifeOf(fmt::format("order {}", i)), once);
    }
    EXPECT_EQ(day.lifeOf("again"), once + " retrying " + once);
    EXPECT_EQ(day.lifeOf("broken"), once);
    EXPECT_EQ(day.lifeOf("bill"), once);
    EXPECT_EQ(day.stats.at("tasks").at("total"), 7);
    EXPECT_EQ(day.stats.at("tasks").at("done"), 6);
    EXPECT_EQ(day.stats.at("tasks").at("failed"), 1);
    // What executes tasks are the workers, as many as were asked for at most.
    std::set<std::string> workers;
    std::int64_t lastOrder = 0;
    std::int64_t bill = 0;
    for (const SpanRow& span : day.spans) {
        if (span.trackKind == "task" && !span.worker.empty()) {
            workers.insert(span.worker);
            lastOrder =
                span.track.starts_with("order") ? std::max(lastOrder, span.beginNs) : lastOrder;
            bill = span.track == "bill" && bill == 0 ? span.beginNs : bill;
        }
    }
    EXPECT_GE(workers.size(), 1u);
    EXPECT_GT(bill, lastOrder);
}

class CeleryModel : public testing::TestWithParam<std::string> {};

TEST_P(CeleryModel, ExecutesAScenarioByTheRealLibrary) {
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
    }
    const RecordedDay run =
        runLibrary("celery", rabbitUrl(), "50 ms", {"--set", "pool=" + GetParam()});
    expectLives(run, "queued reserved running");
}
INSTANTIATE_TEST_SUITE_P(Pools, CeleryModel, testing::Values("prefork", "threads", "solo"),
                         [](const auto& tested) { return tested.param; });

TEST(RqModel, ExecutesAScenarioByTheRealLibrary) {
    if (redisUrl().empty()) {
        GTEST_SKIP() << "there is no Redis: apt-get install redis-server";
    }
    expectLives(runLibrary("rq", redisUrl(), "0 ms"), "queued reserved starting running");
    expectLives(runLibrary("rq", redisUrl(), "0 ms", {"--set", "worker=simple"}),
                "queued reserved running");
}

TEST(LibraryModels, SayWhatIsMissing) {
    RecordedDay run = runLibrary("celery", "memory", "1 ms");
    EXPECT_EQ(run.result.exitCode, 3);
    EXPECT_THAT(run.result.err, HasSubstr("needs a real broker"));
    run = runLibrary("celery", "amqp://somebody:hushhush@127.0.0.1:1//", "1 ms");
    EXPECT_EQ(run.result.exitCode, 3);
    EXPECT_THAT(run.result.err, HasSubstr("No broker answers at amqp://somebody:**@127.0.0.1:1"));
    EXPECT_THAT(run.result.err, Not(HasSubstr("hushhush")));
    run = runLibrary("rq", "redis://:hushhush@127.0.0.1:1/0", "1 ms");
    EXPECT_EQ(run.result.exitCode, 3);
    EXPECT_THAT(run.result.err, HasSubstr("No Redis answers"));
    EXPECT_THAT(run.result.err, Not(HasSubstr("hushhush")));
}

} // namespace
} // namespace interleave::truth
