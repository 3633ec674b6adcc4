// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/host_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::models {
namespace {

using testing::HasSubstr;

Welcome someWelcome() {
    Welcome note;
    note.number = 2;
    note.inbox = "interleave.1-ab.host.2";
    note.run = "1-ab";
    note.scenario = "name = \"\xc3\xa4\"\n[[task]]\n";
    note.file = "x.toml";
    note.seed = 0xffff'ffff'ffff'ffffu;
    note.programMark = 0xfedc'ba98'7654'3210u;
    note.workers = 3;
    note.parameters = {{"acks", "late"}, {"pool", "processes"}};
    note.speed = {1e6, 2e6, 3.5e6, 4e6};
    note.firstCore = 4;
    note.node = {"node 1", {3, 5}, 2, 4};
    return note;
}

template <class Note>
Note back(const Note& note) {
    const auto read = parseHostNote(textOf(note));
    EXPECT_TRUE(read) << textOf(note) << ": " << (read ? "" : read.error().message);
    const Note* const same = read ? std::get_if<Note>(&*read) : nullptr;
    EXPECT_NE(same, nullptr) << textOf(note);
    return same == nullptr ? Note{} : *same;
}

TEST(HostNote, AWelcomeComesBackAsItWas) {
    const Welcome sent = someWelcome();
    const Welcome got = back(sent);
    EXPECT_EQ(got.number, sent.number);
    EXPECT_EQ(got.scenario, sent.scenario);
    EXPECT_EQ(got.seed, sent.seed);
    EXPECT_EQ(got.programMark, sent.programMark);
    EXPECT_EQ(got.parameters, sent.parameters);
    EXPECT_EQ(got.speed, sent.speed);
    EXPECT_EQ(got.node.queues, sent.node.queues);
    EXPECT_EQ(got.node.name, sent.node.name);
}

TEST(HostNote, EveryKindComesBackAsItWas) {
    EXPECT_EQ(back(RunCall{"1-ab", "q", hostVersion()}).queue, "q");
    EXPECT_EQ(back(JoinRequest{"1", "id", "alpha", "lobby", 0, 8}).cores, 8u);
    EXPECT_EQ(back(Refusal{"no"}).reason, "no");
    EXPECT_TRUE(back(ClockQuestion{17, true}).wantsHeld);
    EXPECT_EQ(back(ClockAnswer{1, 2, 3, 4, -1}).answeredNs, 3);
    back(HostReady{});
    EXPECT_EQ(back(TaskEnded{TaskId{9}, State::Cancelled}).state, State::Cancelled);
    EXPECT_EQ(back(HostTrouble{"It can't."}).sentence, "It can't.");
    EXPECT_EQ(back(HostDiagnostic{"a", "info", 7, "b"}).count, 7u);
    EXPECT_TRUE(back(RunOver{true}).isAtOnce);
    EXPECT_EQ(back(HostFarewell{{{"acked", 5}}}).counts.at("acked"), 5u);
}

TEST(HostNote, ThatIsNoneOfOursIsAnErrorThatSaysWhat) {
    for (const auto& [text, what] : {
             std::pair{"", "no JSON"},
             std::pair{"[1]", "no JSON"},
             std::pair{"{}", "no known kind"},
             std::pair{R"({"kind":"burn"})", "no known kind"},
             std::pair{R"({"kind":"run","run":"x","queue":1,"version":"1"})", "queue"},
             std::pair{R"({"kind":"ended","task":0,"state":"done"})", "task"},
             std::pair{R"({"kind":"ended","task":1,"state":"running"})", "state"},
             std::pair{R"({"kind":"ended","task":-1,"state":"done"})", "task"},
             std::pair{R"({"kind":"ask","asked":1e30,"held":false})", "asked"},
             std::pair{R"({"kind":"ask","asked":18446744073709551615,"held":false})", "asked"},
             std::pair{R"({"kind":"farewell","counts":{"acked":-1}})", "counts"},
         }) {
        const auto note = parseHostNote(text);
        ASSERT_FALSE(note) << text;
        EXPECT_THAT(note.error().message, HasSubstr(what)) << text;
    }
}

TEST(HostNote, AWelcomeWithAnImpossiblePartIsAnError) {
    const auto isRefused = [](auto&& change) {
        Welcome note = someWelcome();
        change(note);
        return !parseHostNote(textOf(note)).has_value();
    };
    EXPECT_TRUE(isRefused([](Welcome& note) { note.number = 64; }));
    EXPECT_TRUE(isRefused([](Welcome& note) { note.workers = 0; }));
    EXPECT_TRUE(isRefused([](Welcome& note) { note.speed[2] = -1; }));
    EXPECT_TRUE(isRefused([](Welcome& note) { note.node.queues = {0}; }));
    EXPECT_TRUE(isRefused([](Welcome& note) { note.node.slots = 2000; }));
    EXPECT_TRUE(isRefused([](Welcome& note) { note.inbox = std::string(300, 'x'); }));
}

} // namespace
} // namespace interleave::models
