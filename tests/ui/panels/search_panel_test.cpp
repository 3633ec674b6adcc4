// SPDX-License-Identifier: GPL-3.0-or-later
// Typing, waiting for the hits, going through them by keys.
#include "ui/panels/search_panel.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/patience.h"
#include "tests/support/recording_sketch.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class SearchPanelTest : public ::testing::Test {
protected:
    SearchPanelTest() {
        state.setRecording(
            support::sketch("a: RRRRCCCCRRRR\nb: CCRRRRRRCCCC\nlock stove: aaa.bb\n"));
        panel.setViewState(&state);
        panel.show();
    }
    void search(const QString& text) {
        panel.clear();
        QTest::keyClicks(&panel.text(), text);
        ASSERT_TRUE(QTest::qWaitFor(
            [&] { return state.searchHits() && state.searchHits()->text == text; }, kPatienceMs));
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(&panel.text(), key, modifiers);
    }
    Nanoseconds selectedBegin() const { return state.selectedSpanValue()->range.beginNs; }

    ViewState state;
    SearchPanel panel;
};

TEST_F(SearchPanelTest, FindsWhileTyping) {
    search(QStringLiteral("ready"));
    EXPECT_EQ(state.searchHits()->count, 3u);
    EXPECT_EQ(panel.hits().rowCount(), 3);
    EXPECT_EQ(panel.message(), QStringLiteral("3 hits"));
    EXPECT_TRUE(state.searchHits()->isHit(state.searchHits()->listed.front()));
    EXPECT_EQ(panel.hits().data(panel.hits().index(0, SearchHitsItemModel::kRow), Qt::DisplayRole),
              QVariant(QStringLiteral("b")));
    EXPECT_EQ(
        panel.hits().data(panel.hits().index(1, SearchHitsItemModel::kDuration), Qt::DisplayRole),
        QVariant(QStringLiteral("4.00 µs")));
}

TEST_F(SearchPanelTest, EnterGoesThroughTheHitsAndAround) {
    search(QStringLiteral("ready"));
    key(Qt::Key_Return);
    EXPECT_EQ(selectedBegin(), 0);
    key(Qt::Key_Return);
    EXPECT_EQ(selectedBegin(), 4000);
    EXPECT_EQ(panel.message(), QStringLiteral("2 of 3"));
    key(Qt::Key_Return);
    key(Qt::Key_Return);
    EXPECT_EQ(selectedBegin(), 0) << "round again";
    key(Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_EQ(selectedBegin(), 8000);
    key(Qt::Key_Up);
    EXPECT_EQ(selectedBegin(), 4000);
    key(Qt::Key_Down);
    EXPECT_EQ(selectedBegin(), 8000);
}

TEST_F(SearchPanelTest, BeginsWithWhatIsInSight) {
    state.setVisible({5000, 9000});
    search(QStringLiteral("ready"));
    key(Qt::Key_Return);
    EXPECT_EQ(selectedBegin(), 8000);
}

TEST_F(SearchPanelTest, FindsLocks) {
    search(QStringLiteral("stove"));
    EXPECT_EQ(state.searchHits()->count, 2u);
}

TEST_F(SearchPanelTest, ABadDurationIsExplained) {
    panel.setText(QStringLiteral(">soon"));
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return panel.message().contains(QStringLiteral("no duration")); }, kPatienceMs));
    EXPECT_EQ(state.searchHits(), nullptr);
}

TEST_F(SearchPanelTest, NothingFoundIsSaid) {
    search(QStringLiteral("unicorn"));
    EXPECT_EQ(panel.message(), QStringLiteral("Nothing was found."));
    key(Qt::Key_Return);
    EXPECT_FALSE(state.selectedSpan().has_value());
}

TEST_F(SearchPanelTest, HitsGoWithTheTextAndWithTheView) {
    search(QStringLiteral("ready"));
    panel.clear();
    EXPECT_EQ(state.searchHits(), nullptr);
    search(QStringLiteral("ready"));
    panel.setViewState(nullptr);
    EXPECT_EQ(state.searchHits(), nullptr);
}

TEST_F(SearchPanelTest, AnotherRecordingIsSearchedAnew) {
    search(QStringLiteral("ready"));
    state.setRecording(support::sketch("a: CRCRCRCR\n"));
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return state.searchHits() && state.searchHits()->count == 4; }, kPatienceMs));
}

TEST_F(SearchPanelTest, EscapeIsToldToTheWindow) {
    QSignalSpy closed(&panel, &SearchPanel::closed);
    key(Qt::Key_Escape);
    EXPECT_EQ(closed.count(), 1);
}

TEST(SearchRunner, OnlyTheLatestRequestIsAnswered) {
    SearchRunner runner;
    QSignalSpy found(&runner, &SearchRunner::found);
    std::shared_ptr<const SearchHits> last;
    QObject::connect(&runner, &SearchRunner::found, [&](const auto& hits) { last = hits; });
    const auto recording = support::sketch("a: RRRRCCCCRRRR\n");
    for (const char* text : {"running", "ready", "queued", "ready"}) {
        SearchRunner::Request request{
            recording, QString::fromLatin1(text), analysis::spanQueryFrom(text).value(), {}};
        request.scope.tracks = {TrackId{1}};
        runner.search(std::move(request));
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return !runner.isBusy(); }, kPatienceMs));
    EXPECT_EQ(found.count(), 1);
    ASSERT_NE(last, nullptr);
    EXPECT_EQ(last->text, QStringLiteral("ready"));
    EXPECT_EQ(last->count, 1u);
}

TEST(SearchRunner, ACancelledRequestIsNotAnswered) {
    SearchRunner runner;
    QSignalSpy found(&runner, &SearchRunner::found);
    const auto recording = support::sketch("a: RRRRCCCCRRRR\n");
    for (const bool isCancelled : {true, false}) {
        SearchRunner::Request request{recording, {}, analysis::spanQueryFrom("ready").value(), {}};
        request.scope.tracks = {TrackId{1}};
        runner.search(std::move(request));
        if (isCancelled) {
            runner.cancel();
        }
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return !runner.isBusy(); }, kPatienceMs));
    EXPECT_EQ(found.count(), 1) << "the second only";
}

TEST(SearchHits, MomentsKeepTheirMicroseconds) {
    EXPECT_EQ(momentText(12'345), QStringLiteral("12.345 µs"));
    EXPECT_EQ(momentText(12'345'678), QStringLiteral("12.346 ms"));
    EXPECT_EQ(momentText(12'345'678'901), QStringLiteral("12.345679 s"));
    EXPECT_EQ(momentText(-2'000'000), QStringLiteral("-2.000 ms"));
}

} // namespace
} // namespace interleave::ui
