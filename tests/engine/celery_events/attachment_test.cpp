// SPDX-License-Identifier: GPL-3.0-or-later
// A whole attachment, against a broker that does what the test says.
#include "engine/celery_events/attachment.h"
#include "tests/engine/celery_events/cluster_story.h"
#include "tests/engine/celery_events/scripted_broker.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::celery_events {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using RecordingPtr = std::shared_ptr<const recording::Recording>;

class AttachmentTest : public testing::Test {
protected:
    AttachmentTest() {
        std::string folder = (std::filesystem::temp_directory_path() / "attach-XXXXXX").string();
        EXPECT_NE(::mkdtemp(folder.data()), nullptr);
        m_folder = folder;
        m_request.sessionFolder = m_folder / "session";
        m_request.tell = [this](const std::string& sentence) {
            const std::scoped_lock lock(m_mutex);
            m_told.push_back(sentence);
            m_changed.notify_all();
        };
    }
    ~AttachmentTest() override { std::filesystem::remove_all(m_folder); }

    void start() {
        m_result = std::async(std::launch::async,
                              [this] { return attach(m_broker, m_request, m_stop.get_token()); });
    }
    void sayEvent(const std::string& type, const std::string& rest, double agoSeconds = 0) {
        timespec now{};
        clock_gettime(CLOCK_REALTIME, &now);
        m_broker.say(fmt::format(
            R"({{"type": "{}", "hostname": "celery@w1", "pid": 7, "timestamp": {:.6f}, {}}})", type,
            static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) - agoSeconds,
            rest));
    }
    void waitForWord(const std::string& part) {
        std::unique_lock lock(m_mutex);
        ASSERT_TRUE(m_changed.wait_for(lock, std::chrono::seconds(60),
                                       [&] {
                                           return std::ranges::any_of(
                                               m_told, [&](const std::string& sentence) {
                                                   return sentence.find(part) != std::string::npos;
                                               });
                                       }))
            << "nobody said: " << part;
    }
    RecordingPtr finished() {
        m_stop.request_stop();
        auto recording = m_result.get();
        EXPECT_TRUE(recording) << recording.error().message;
        return recording ? *recording : nullptr;
    }
    static const recording::Diagnostic* noticeOf(const recording::Recording& recording,
                                                 const std::string& kind) {
        const auto found =
            std::ranges::find(recording.diagnostics, kind, &recording::Diagnostic::kind);
        return found == recording.diagnostics.end() ? nullptr : &*found;
    }

    std::filesystem::path m_folder;
    ScriptedBroker m_broker;
    AttachRequest m_request;
    std::stop_source m_stop;
    std::future<Result<RecordingPtr>> m_result;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_told;
};

TEST_F(AttachmentTest, RecordsWhatTheClusterTellsUntilItIsStopped) {
    start();
    m_broker.waitForConnections(2);
    sayEvent("task-received", R"("uuid": "a", "name": "app.work")");
    sayEvent("task-started", R"("uuid": "a")");
    sayEvent("task-succeeded", R"("uuid": "a", "runtime": 0.000001)");
    m_broker.say("garbage");
    sayEvent("worker-heartbeat",
             R"("active": 0, "processed": 1, "freq": 2.0, "loadavg": [0.5, 0, 0])");
    m_broker.say(R"({"type": "my-own", "hostname": "x", "timestamp": 1})");
    m_broker.say("[]");
    m_broker.waitUntilAllIsRead();
    const RecordingPtr recording = finished();
    ASSERT_TRUE(recording);
    ASSERT_EQ(recording->tasks.size(), 1u);
    EXPECT_EQ(recording->tasks[0].end, State::Done);
    EXPECT_EQ(recording->info.model, "celery-cluster");
    EXPECT_EQ(recording->info.source, recording::Source::Measured);
    ASSERT_NE(noticeOf(*recording, "foreign-messages"), nullptr);
    EXPECT_EQ(noticeOf(*recording, "foreign-messages")->count, 1u);
    ASSERT_NE(noticeOf(*recording, "queue-time-unknown"), nullptr);
    ASSERT_NE(noticeOf(*recording, "clock-offset"), nullptr);
    EXPECT_THAT(noticeOf(*recording, "clock-offset")->message, HasSubstr("celery@w1"));
    EXPECT_THAT(m_broker.published(), Not(Contains(HasSubstr("enable_events"))));
}

TEST_F(AttachmentTest, EventsAreTurnedOnOnlyIfAskedFor) {
    m_request.enablesEvents = true;
    m_request.duration = std::chrono::milliseconds(50);
    start();
    const auto recording = m_result.get();
    ASSERT_TRUE(recording);
    EXPECT_THAT(m_broker.published(), Contains(HasSubstr("celery.pidbox {\"arguments\":{},")));
    EXPECT_THAT(m_broker.published(), Contains(HasSubstr("\"enable_events\"")));
    EXPECT_NE(noticeOf(**recording, "duration"), nullptr);
}

TEST_F(AttachmentTest, SilenceIsLookedInto) {
    m_request.patience = std::chrono::milliseconds(200);
    start();
    waitForWord("No Celery worker answers at this broker");
    EXPECT_THAT(m_broker.published(), Contains(HasSubstr("\"ping\"")));
    ASSERT_TRUE(finished());
}

TEST_F(AttachmentTest, WorkerThatWorksWithoutEventsIsNamedAndHowToTurnThemOn) {
    start();
    sayEvent("worker-heartbeat", R"("active": 0, "processed": 10, "freq": 2.0)", 2);
    sayEvent("worker-heartbeat", R"("active": 1, "processed": 14, "freq": 2.0)");
    waitForWord("celery@w1 executes tasks but sends no events of them");
    const RecordingPtr recording = finished();
    ASSERT_TRUE(recording);
    const auto* const notice = noticeOf(*recording, "task-events-off");
    ASSERT_NE(notice, nullptr);
    EXPECT_EQ(notice->count, 4u);
    EXPECT_THAT(notice->message, HasSubstr("celery -A APP control enable_events"));
    EXPECT_THAT(notice->message, HasSubstr("-E"));
}

TEST_F(AttachmentTest, BrokerThatGoesAwayIsWaitedForAndTheGapIsTold) {
    start();
    m_broker.waitForConnections(2);
    sayEvent("task-received", R"("uuid": "a", "name": "app.work")", 0.2);
    sayEvent("task-started", R"("uuid": "a")", 0.1);
    m_broker.waitUntilAllIsRead();
    m_broker.goAway();
    waitForWord("The scripted broker has gone.");
    m_broker.comeBack();
    waitForWord("The broker is back");
    sayEvent("task-received", R"("uuid": "b", "name": "app.work")");
    m_broker.waitUntilAllIsRead();
    const RecordingPtr recording = finished();
    ASSERT_TRUE(recording);
    ASSERT_NE(noticeOf(*recording, "broker-lost"), nullptr);
    EXPECT_EQ(noticeOf(*recording, "broker-lost")->severity, recording::Severity::DataLoss);
    EXPECT_EQ(recording->tasks.size(), 2u);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]").rfind("reserved", 0), 0u);
}

TEST_F(AttachmentTest, EndsWhenItsRoomIsUsedUp) {
    m_request.limitBytes = 64 << 10;
    start();
    for (int i = 0; i < 2000; ++i) {
        sayEvent("task-received", fmt::format(R"("uuid": "{}", "name": "app.work")", i));
    }
    const auto recording = m_result.get();
    ASSERT_TRUE(recording);
    ASSERT_NE(noticeOf(**recording, "limit"), nullptr);
    EXPECT_LT((*recording)->tasks.size(), 2001u);
    EXPECT_GT((*recording)->tasks.size(), 100u);
}

TEST_F(AttachmentTest, BrokerThatRefusesIsAnErrorAndNothingElse) {
    m_broker.goAway();
    const auto recording = attach(m_broker, m_request, m_stop.get_token());
    ASSERT_FALSE(recording);
    EXPECT_EQ(recording.error().kind, ErrorKind::MissingPart);
    EXPECT_FALSE(std::filesystem::exists(m_request.sessionFolder));
}

} // namespace
} // namespace interleave::celery_events
