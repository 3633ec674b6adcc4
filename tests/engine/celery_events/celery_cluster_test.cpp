// SPDX-License-Identifier: GPL-3.0-or-later
// A real cluster: RabbitMQ on ports of its own, two Celery workers that send events and one that
// doesn't. What is recorded of it is compared with what the tasks themselves wrote down.
#include "engine/celery_events/attachment.h"
#include "tests/support/child_process.h"
#include "tests/support/private_broker.h"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

namespace interleave::celery_events {
namespace {

using support::ChildProcess;
using support::outputOf;
using RecordingPtr = std::shared_ptr<const recording::Recording>;
constexpr const char* kPython = "/usr/bin/python3"; // the one that Debian's celery is for

/// What the tasks wrote, by task and kind; of several tries the first (begin) and each.
struct Truth {
    std::map<std::string, Nanoseconds> sent;
    std::map<std::pair<std::string, int>, Nanoseconds> begin, end; // task, try
    std::map<std::string, std::string> childOf;

    explicit Truth(const std::filesystem::path& file) {
        std::ifstream stream(file);
        for (std::string line; std::getline(stream, line);) {
            const auto json = nlohmann::json::parse(line);
            const std::string kind = json["kind"];
            const std::string id = json["id"];
            const Nanoseconds ns = json["ns"];
            if (kind == "sent") {
                sent[id] = ns;
            } else if (kind == "begin") {
                begin[{id, json["try"].get<int>()}] = ns;
            } else if (kind == "end") {
                end[{id, json["try"].get<int>()}] = ns;
            } else if (kind.starts_with("child-of-")) {
                childOf[kind.substr(9)] = id;
            }
        }
    }
};

std::vector<recording::Span> spansOf(const recording::Recording& recording, const std::string& task,
                                     State state) {
    std::vector<recording::Span> spans;
    for (std::uint32_t i = 0; i < recording.tasks.size(); ++i) {
        const auto track = recording.trackOf(recording::TrackKind::Task, i + 1);
        if (!track || !recording.tasks[i].name.ends_with("[" + task + "]")) {
            continue;
        }
        const recording::SpanColumns& all = recording.track(*track).spans;
        for (std::size_t s = 0; s < all.size(); ++s) {
            if (all.at(s).state != state) {
                continue;
            }
            if (!spans.empty() && spans.back().range.endNs == all.at(s).range.beginNs) {
                spans.back().range.endNs = all.at(s).range.endNs;
            } else {
                spans.push_back(all.at(s));
            }
        }
    }
    return spans;
}

std::optional<State> endOf(const recording::Recording& recording, const std::string& task) {
    for (const recording::TaskInfo& info : recording.tasks) {
        if (info.name.ends_with("[" + task + "]")) {
            return info.end;
        }
    }
    return std::nullopt;
}

Nanoseconds medianOf(std::vector<Nanoseconds> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

class CeleryCluster : public testing::Test {
protected:
    void SetUp() override {
        if (outputOf(fmt::format("{} -c 'import celery, pika; print(celery.__version__)'", kPython))
                .empty()) {
            GTEST_SKIP() << "Celery is not installed; packaging/test installs it";
        }
        if (!support::PrivateBroker::isInstalled()) {
            GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
        }
        m_node = support::PrivateBroker::own();
        ASSERT_NE(m_node, nullptr);
        std::string folder = (std::filesystem::temp_directory_path() / "cluster-XXXXXX").string();
        ASSERT_NE(::mkdtemp(folder.data()), nullptr);
        m_folder = folder;
        m_request.sessionFolder = m_folder / "session";
        m_request.tell = [this](const std::string& sentence) {
            const std::scoped_lock lock(m_mutex);
            m_told.push_back(sentence);
            m_changed.notify_all();
        };
    }
    void TearDown() override {
        m_stop.request_stop();
        m_workers.clear();
        if (m_result.valid()) {
            m_result.wait();
        }
        if (!m_folder.empty()) {
            std::filesystem::remove_all(m_folder);
        }
    }

    ChildProcess python(const std::vector<std::string>& words) {
        std::vector<std::string> all{kPython};
        all.insert(all.end(), words.begin(), words.end());
        return {all,
                {{"CLUSTER_BROKER", m_node->url()},
                 {"CLUSTER_TRUTH", truthFile()},
                 {"PYTHONPATH", CLUSTER_PROGRAMS},
                 {"PYTHONDONTWRITEBYTECODE", "1"}},
                m_folder / "output"};
    }
    void startWorker(const std::string& name, const std::vector<std::string>& options) {
        std::vector<std::string> words{"-m",     "celery", "-A",         "cluster_app",
                                       "worker", "-n",     name + "@%h", "--loglevel",
                                       "ERROR",  "-c",     "2"};
        words.insert(words.end(), options.begin(), options.end());
        m_workers.push_back(python(words));
    }
    void startAttachment() {
        auto broker = broker::open(m_node->url());
        ASSERT_TRUE(broker) << broker.error().message;
        m_broker = std::move(*broker);
        m_result = std::async(std::launch::async,
                              [this] { return attach(*m_broker, m_request, m_stop.get_token()); });
    }
    bool hasTold(const std::string& part) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(60), [&] {
            return std::ranges::any_of(m_told, [&](const std::string& sentence) {
                return sentence.find(part) != std::string::npos;
            });
        });
    }
    std::string password() const {
        const std::string& url = m_node->url();
        const std::size_t begin = url.find(':', url.find("//")) + 1;
        return url.substr(begin, url.find('@') - begin);
    }
    std::string truthFile() const { return m_folder / "truth"; }
    std::string outputs() const {
        return outputOf(fmt::format("tail -n 30 {}/output", m_folder.string()));
    }

    std::unique_ptr<support::PrivateBroker> m_node;
    std::filesystem::path m_folder;
    std::vector<ChildProcess> m_workers;
    AttachRequest m_request;
    std::unique_ptr<broker::Broker> m_broker;
    std::stop_source m_stop;
    std::future<Result<RecordingPtr>> m_result;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_told;
};

TEST_F(CeleryCluster, RecordingAgreesWithWhatTheTasksWroteDown) {
    startAttachment();
    startWorker("w1", {"-E"});
    startWorker("w2", {"-E"});
    startWorker("w3", {"-Q", "silent"});
    ASSERT_EQ(python({std::string(CLUSTER_PROGRAMS) + "/cluster_work.py", "3"}).wait(), 0)
        << outputs();
    // Its next heartbeat says so: by then everything before has arrived.
    EXPECT_TRUE(hasTold("executes tasks but sends no events of them")) << outputs();
    m_stop.request_stop();
    const auto result = m_result.get();
    ASSERT_TRUE(result) << result.error().message;
    const recording::Recording& recording = **result;
    const Truth truth(truthFile());

    // The recording's time 0 is when the first task was sent; its clock is ours.
    std::vector<Nanoseconds> zeros;
    for (const auto& [task, ns] : truth.sent) {
        for (const recording::Span& span : spansOf(recording, task, State::Queued)) {
            zeros.push_back(ns - span.range.beginNs);
        }
    }
    const Nanoseconds zero = medianOf(zeros);
    std::vector<Nanoseconds> sentErrors, beginErrors, runErrors, queueErrors;
    for (const auto& [key, begin] : truth.begin) {
        const auto& [task, attempt] = key;
        const auto runs = spansOf(recording, task, State::Running);
        if (task.starts_with("silent")) {
            EXPECT_TRUE(runs.empty());
            continue;
        }
        ASSERT_GT(runs.size(), static_cast<std::size_t>(attempt)) << task << " try " << attempt;
        const TimeRange shown = runs[static_cast<std::size_t>(attempt)].range;
        beginErrors.push_back(std::abs(shown.beginNs + zero - begin));
        // One that is to be tried again still has its next try to send.
        const bool isLast = static_cast<std::size_t>(attempt) + 1 == runs.size();
        if (const auto end = truth.end.find(key); end != truth.end.end() && isLast) {
            runErrors.push_back(std::abs(shown.durationNs() - (end->second - begin)));
        }
        const auto queued = spansOf(recording, task, State::Queued);
        const auto sent = truth.sent.find(task);
        if (attempt == 0 && sent != truth.sent.end() && !queued.empty()) {
            sentErrors.push_back(std::abs(queued.front().range.beginNs + zero - sent->second));
            queueErrors.push_back(
                std::abs((shown.beginNs - queued.front().range.beginNs) - (begin - sent->second)));
        }
    }
    fmt::print("medians of {} tries, against what the tasks wrote: sent {}, begun {}, run time {}, "
               "from sent to begun {}; the worst begin {}\n",
               beginErrors.size(), formatDuration(medianOf(sentErrors)),
               formatDuration(medianOf(beginErrors)), formatDuration(medianOf(runErrors)),
               formatDuration(medianOf(queueErrors)),
               formatDuration(std::ranges::max(beginErrors)));
    ASSERT_GE(beginErrors.size(), 12u + 2u + 3u);
    EXPECT_LT(medianOf(sentErrors), 20 * kMs);
    EXPECT_LT(medianOf(beginErrors), 20 * kMs);
    EXPECT_LT(medianOf(runErrors), 20 * kMs);
    EXPECT_LT(medianOf(queueErrors), 20 * kMs);

    for (const auto& [key, ns] : truth.end) {
        if (key.first.starts_with("nap") || key.first.starts_with("parent")) {
            EXPECT_EQ(endOf(recording, key.first), State::Done) << key.first;
        } else if (key.first.starts_with("fail")) {
            EXPECT_EQ(endOf(recording, key.first), State::Failed);
        } else if (key.first.starts_with("again")) {
            EXPECT_EQ(endOf(recording, key.first), State::Done);
            const auto waits = spansOf(recording, key.first, State::Retrying);
            EXPECT_EQ(waits.size(), 2u);
            for (const recording::Span& wait : waits) {
                // Less where telling that it failed took long: it is due 500 ms after it said so.
                EXPECT_LT(wait.range.durationNs(), 700 * kMs);
            }
        }
    }
    for (const auto& [task, ns] : truth.sent) {
        if (task.starts_with("endless") || task.starts_with("silent")) {
            EXPECT_EQ(endOf(recording, task), State::Cancelled) << task;
        }
    }
    // Who calls whom.
    ASSERT_EQ(truth.childOf.size(), 1u);
    const auto isCall = [&](const recording::Link& link) {
        return link.kind == recording::LinkKind::Spawn &&
               recording.task(link.from.task).name.ends_with(truth.childOf.begin()->first + "]") &&
               recording.task(link.to.task).name.ends_with(truth.childOf.begin()->second + "]");
    };
    EXPECT_TRUE(std::ranges::any_of(recording.links, isCall));
    for (const recording::Link& link : recording.links) {
        EXPECT_LE(link.from.timeNs, link.to.timeNs) << "drawn backwards";
    }
    // Two workers with two places each; never more at once.
    EXPECT_LE(recording.info.workers, 4);
    EXPECT_GE(recording.info.workers, 2);
    for (const auto& [name, value] : recording.info.parameters) {
        EXPECT_EQ(value.find(password()), std::string::npos) << "a password";
    }
    const auto isClock = [](const recording::Diagnostic& diagnostic) {
        return diagnostic.kind == "clock-offset" &&
               diagnostic.message.find("plus or minus") != std::string::npos;
    };
    EXPECT_EQ(std::ranges::count_if(recording.diagnostics, isClock), 3);
    for (const recording::Diagnostic& diagnostic : recording.diagnostics) {
        fmt::print("{}: {}\n", diagnostic.kind, diagnostic.message);
    }
}

TEST_F(CeleryCluster, BrokerThatIsRestartedIsFollowedOn) {
    startAttachment();
    startWorker("w1", {"-E"});
    startWorker("w3", {"-Q", "silent"});
    m_node->stop();
    ASSERT_TRUE(hasTold("is missing"));
    ASSERT_TRUE(m_node->start());
    EXPECT_TRUE(hasTold("The broker is back")) << outputs();
    ASSERT_EQ(python({std::string(CLUSTER_PROGRAMS) + "/cluster_work.py", "2"}).wait(), 0)
        << outputs();
    EXPECT_TRUE(hasTold("executes tasks but sends no events of them")) << outputs();
    m_stop.request_stop();
    const auto result = m_result.get();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(std::ranges::any_of((*result)->diagnostics, [](const auto& diagnostic) {
        return diagnostic.kind == "broker-lost";
    }));
    const Truth truth(truthFile());
    for (const auto& [key, ns] : truth.end) {
        if (key.first.starts_with("nap")) {
            EXPECT_EQ(endOf(**result, key.first), State::Done) << key.first;
        }
    }
}

} // namespace
} // namespace interleave::celery_events
