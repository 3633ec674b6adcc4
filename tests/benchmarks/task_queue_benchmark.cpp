// SPDX-License-Identifier: GPL-3.0-or-later
// Small messages a second through the model task-queue, recorded, each of them a task with nothing
// to do: on RabbitMQ beside a bare rabbitmq-c loop that sends, confirms and acknowledges the same,
// and on the broker in memory. From the first publish to the last acknowledgement, medians of
// rounds in turn. Ends with 1 if a ratio is below its bound.
//
// task_queue_benchmark [MESSAGES [ROUNDS]]
#include "engine/broker/broker.h"
#include "engine/models/task_queue/task_queue.h"
#include "tests/benchmarks/bare_rabbitmq.h"
#include "tests/engine/models_async/model_run.h"
#include "tests/support/private_broker.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave {
namespace {

constexpr double kLeastOfBareLoop = 0.9;
constexpr double kLeastMemoryOfRabbit = 10;
constexpr int kWorkers = 2;
constexpr int kMultiplier = 50;
constexpr const char* kQueue = "bare";
const broker::BareLoop kLoop{
    .queue = kQueue, .prefetch = kWorkers * kMultiplier, .bodyBytes = 32, .isSafe = true};

double taskQueueRate(const std::string& url, int count) {
    const auto model = models::makeTaskQueue();
    const models::ModelRun run = models::runModel(
        *model,
        fmt::format("name = \"throughput\"\n[[task]]\nname = \"a\"\ncount = {}\n"
                    "ignore_result = true\nsteps = []\n",
                    count),
        {.workers = kWorkers,
         .parameters = {{"pool", "threads"}, {"prefetch", fmt::to_string(kMultiplier)}},
         .broker = url});
    if (!run.outcome) {
        broker::giveUp(run.outcome.error().message);
    }
    Nanoseconds firstNs = -1;
    Nanoseconds lastNs = 0;
    int acked = 0;
    for (const models::RecordedEvent& event : run.events) {
        if (event.kind == record::EventKind::MessagePublished && firstNs < 0) {
            firstNs = event.ns;
        } else if (event.kind == record::EventKind::MessageAcked) {
            lastNs = event.ns;
            ++acked;
        }
    }
    if (acked != count) {
        broker::giveUp(fmt::format("{} of {} messages were acknowledged", acked, count));
    }
    return count / toSeconds(lastNs - firstNs);
}

double medianOf(std::vector<double> rates) {
    std::ranges::sort(rates);
    return rates[rates.size() / 2];
}

/// A line for people; whether the ratio is at least what it has to be.
bool print(const char* what, double rate, const char* than, double other, double least) {
    std::printf("%-36s %10.0f /s", what, rate);
    if (other > 0) {
        std::printf("   %.2fx of %s (at least %.1fx)", rate / other, than, least);
    }
    std::printf("\n");
    return other <= 0 || rate >= least * other;
}

int measure(int count, int rounds) {
    if (!support::PrivateBroker::isInstalled()) {
        std::printf("%s\n", support::PrivateBroker::kNotInstalled);
        return 0;
    }
    const auto node = support::PrivateBroker::own();
    if (!node) {
        broker::giveUp("the private RabbitMQ did not start");
    }
    const auto rabbit = broker::orGiveUp(broker::open(node->url()));
    const auto connection = broker::orGiveUp(rabbit->connect("benchmark"));
    broker::orGiveUp(connection->declare(broker::QueueSpec{.name = kQueue, .isDurable = true}));
    std::vector<double> bare;
    std::vector<double> onRabbit;
    std::vector<double> inMemory;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(broker::bareRate(node->url(), kLoop, count));
        onRabbit.push_back(taskQueueRate(node->url(), count));
        inMemory.push_back(taskQueueRate("memory", count));
    }
    const double rabbitRate = medianOf(onRabbit);
    print("RabbitMQ, a bare rabbitmq-c loop", medianOf(bare), "", 0, 0);
    const bool isNearBare = print("RabbitMQ, task-queue", rabbitRate, "the bare loop",
                                  medianOf(bare), kLeastOfBareLoop);
    const bool isMemoryFast = print("memory, task-queue", medianOf(inMemory), "RabbitMQ",
                                    rabbitRate, kLeastMemoryOfRabbit);
    return isNearBare && isMemoryFast ? 0 : 1;
}

} // namespace
} // namespace interleave

int main(int count, char** arguments) {
    const int messages = count > 1 ? std::max(1, std::atoi(arguments[1])) : 100'000;
    const int rounds = count > 2 ? std::max(1, std::atoi(arguments[2])) : 5;
    return interleave::measure(messages, rounds);
}
