// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/segment.h"
#include "engine/record/switch_stream.h"
#include "tests/engine/record/session_sketch.h"

namespace interleave::record {

namespace {

using Kind = KernelRecord::Kind;

/// Writes the records and gives back what the stream holds, one line an event: "12 in 100@1".
/// Thread 100 starts the observer at 10 ns on core 0; thread 200 was there before.
class Scene {
public:
    Scene()
        : m_session(SessionWriter::create(m_folder.session(), smallSession()))
        , m_origin(m_session->clock().origin.monotonicNs)
        , m_stream(Writer(m_session->segment(), {StreamRole::Kernel, ClockKind::Monotonic, "k"}),
                   SwitchStart{m_origin + 10, 100, 0, {200}}) {}

    std::vector<std::string> write(std::vector<KernelRecord> records) {
        for (KernelRecord& record : records) {
            record.timeNs += m_origin;
        }
        m_stream.write(records, forked);
        std::vector<std::string> lines;
        const ReadSession read = readAll(m_folder.session());
        for (const Event& event : read.streams.at(0).events) {
            const std::string where =
                std::to_string(event.a) + "@" + std::to_string(event.b & 0xffffu);
            const std::string when = std::to_string(event.stamp());
            if (event.kind() == EventKind::SwitchedIn) {
                lines.push_back(when + " in " + where);
            } else if (event.kind() == EventKind::SwitchedOut) {
                lines.push_back(when + ((event.b & kPreempted) != 0 ? " off " : " out ") + where);
            } else if (event.kind() == EventKind::KernelLost) {
                lines.push_back(when + " lost " + where);
            }
        }
        return lines;
    }
    std::vector<std::int64_t> coreNs(std::int64_t now) { return m_stream.coreNs(m_origin + now); }
    std::vector<std::uint32_t> forked;

private:
    TemporaryFolder m_folder;
    Result<SessionWriter> m_session;
    std::int64_t m_origin;
    SwitchStream m_stream;
};

using Lines = std::vector<std::string>;

} // namespace

TEST(SwitchStream, BeginsWithTheCallerOnItsCore) {
    Scene scene;
    EXPECT_EQ(scene.write({{30, 100, 0, Kind::Out}, {40, 7, 1, Kind::In}}),
              (Lines{"10 in 100@0", "30 out 100@0", "40 in 7@1"}));
    EXPECT_EQ(scene.coreNs(50), (std::vector<std::int64_t>{20, 10}));
}

TEST(SwitchStream, MovesACallerThatChangedItsCoreMeanwhile) {
    Scene scene;
    EXPECT_EQ(scene.write({{30, 100, 1, Kind::Preempted}}),
              (Lines{"10 in 100@0", "30 off 100@0", "30 in 100@1", "30 off 100@1"}));
}

TEST(SwitchStream, KnowsThatAnOldThreadWasOnItsCoreBefore) {
    Scene scene;
    EXPECT_EQ(scene.write({{30, 200, 1, Kind::Out}, {40, 200, 1, Kind::In}}),
              (Lines{"10 in 100@0", "10 in 200@1", "30 out 200@1", "40 in 200@1"}));
    Scene other; // one that was off: its first record says that it comes
    EXPECT_EQ(other.write({{30, 200, 1, Kind::In}, {40, 200, 1, Kind::Out}}),
              (Lines{"10 in 100@0", "30 in 200@1", "40 out 200@1"}));
}

TEST(SwitchStream, TakesAThreadOffItsCoreWhenItEnds) {
    Scene scene;
    EXPECT_EQ(scene.write({{30, 7, 1, Kind::In},
                           {35, 7, 1, Kind::Ended},
                           {36, 8, 1, Kind::Ended}, // was on no core
                           {40, 9, 1, Kind::Forked}}),
              (Lines{"10 in 100@0", "30 in 7@1", "35 out 7@1"}));
    EXPECT_EQ(scene.forked, (std::vector<std::uint32_t>{9}));
}

TEST(SwitchStream, DoesNotGuessAcrossALoss) {
    Scene scene;
    EXPECT_EQ(scene.write({{20, 50, 0, Kind::Lost}, {35, 100, 0, Kind::Ended}}),
              (Lines{"10 in 100@0", "20 lost 50@0"}));
    EXPECT_EQ(scene.coreNs(50), (std::vector<std::int64_t>{0}));
}

} // namespace interleave::record
