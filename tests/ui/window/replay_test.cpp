// SPDX-License-Identifier: GPL-3.0-or-later
// The replay in the whole window, by keys and clicks: one cursor for all views, bookmarks that are
// kept with their recordings, presenting.
#include "engine/storage/bookmark_file.h"
#include "engine/storage/recording_file.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/window/window_settings.h"
#include "ui/panels/bookmark_menu.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/scrubber.h"
#include "ui/panels/transport_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/window_actions.h"

#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenuBar>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr int kReplayPatienceMs = 20'000;

class Replay : public ::testing::Test {
protected:
    Replay() {
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
        file = folder.filePath(QStringLiteral("run.ilv"));
        EXPECT_TRUE(storage::writeRecording(*support::demoRecording(), file.toStdString()));
    }
    void open() {
        window =
            std::make_unique<MainWindow>(WindowOptions{QStringLiteral("/bin/false"), {file}, {}});
        window->QMainWindow::show();
        ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
        ASSERT_TRUE(
            QTest::qWaitFor([&] { return state().recording() != nullptr; }, kReplayPatienceMs));
        window->panes().primaryPane().focusView();
        window->transport().bookmarks().setAskNote(
            [this](const QString&, const QString& now) -> std::optional<QString> {
                offered = now;
                return note;
            });
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    void show(ViewKind view) {
        window->actions().views[static_cast<std::size_t>(view)]->trigger();
        window->panes().primaryPane().focusView();
    }
    template <class Widget>
    Widget* part(const char* name) {
        return window->transport().findChild<Widget*>(QString::fromLatin1(name));
    }
    ViewState& state() { return window->panes().primary(); }

    WindowSettings m_settings;
    QTemporaryDir folder;
    QString file;
    QString note = QStringLiteral("the lock is taken");
    QString offered;
    std::unique_ptr<MainWindow> window;
};

TEST_F(Replay, IsPlayedFromEveryViewBySpace) {
    open();
    for (const ViewKind view : {ViewKind::Gantt, ViewKind::Utilisation, ViewKind::Contention,
                                ViewKind::Topology, ViewKind::Kitchen}) {
        show(view);
        key(Qt::Key_Space);
        EXPECT_TRUE(window->player().isPlaying()) << static_cast<int>(view);
        key(Qt::Key_Space);
        EXPECT_FALSE(window->player().isPlaying()) << static_cast<int>(view);
    }
}

TEST_F(Replay, StepsByKeysAndButtonsAndSaysWhereItIs) {
    open();
    show(ViewKind::Kitchen);
    key(Qt::Key_Home);
    EXPECT_EQ(state().momentNs(), 0);
    key(Qt::Key_L);
    const auto first = state().momentNs();
    EXPECT_GT(*first, 0);
    QTest::mouseClick(part<QToolButton>("nextEvent"), Qt::LeftButton);
    EXPECT_GT(state().momentNs(), first);
    key(Qt::Key_J);
    EXPECT_EQ(state().momentNs(), first);
    EXPECT_TRUE(window->transport().momentText().contains(QStringLiteral(" of ")));
    QTest::mouseClick(part<QToolButton>("toEnd"), Qt::LeftButton);
    EXPECT_EQ(state().momentNs(), std::nullopt);
    EXPECT_TRUE(window->transport().momentText().startsWith(QStringLiteral("end")));
}

TEST_F(Replay, IsScrubbedAndHasItsSpeedChosen) {
    open();
    Scrubber& scrubber = window->transport().scrubber();
    const QPoint middle = scrubber.rect().center();
    QTest::mousePress(&scrubber, Qt::LeftButton, {}, middle - QPoint(40, 0));
    const Nanoseconds begin = *state().momentNs();
    QTest::mouseMove(&scrubber, middle);
    QTest::mouseRelease(&scrubber, Qt::LeftButton, {}, middle);
    EXPECT_GT(*state().momentNs(), begin);
    EXPECT_NEAR(static_cast<double>(*state().momentNs()),
                static_cast<double>(state().extent().endNs) / 2,
                static_cast<double>(state().extent().endNs) / 50);
    auto* speed = part<QComboBox>("speed");
    EXPECT_EQ(speed->count(), 13);
    QTest::keyClick(&scrubber, Qt::Key_L, Qt::ShiftModifier);
    EXPECT_DOUBLE_EQ(speed->currentData().toDouble(), window->player().speed());
    for (const auto* button : window->transport().findChildren<QToolButton*>()) {
        EXPECT_FALSE(button->toolTip().isEmpty()) << button->objectName().toStdString();
        EXPECT_FALSE(button->accessibleName().isEmpty()) << button->objectName().toStdString();
    }
    EXPECT_EQ(QAccessible::queryAccessibleInterface(&scrubber)->text(QAccessible::Name),
              QStringLiteral("Moment of the replay"));
}

TEST_F(Replay, LoopsTheSelectedRange) {
    open();
    state().setSelectedRange(TimeRange{10'000'000, 20'000'000});
    show(ViewKind::Kitchen);
    key(Qt::Key_R);
    EXPECT_TRUE(part<QToolButton>("loop")->isChecked());
    EXPECT_EQ(window->player().playedRange(), (TimeRange{10'000'000, 20'000'000}));
    QTest::mouseClick(part<QToolButton>("loop"), Qt::LeftButton);
    EXPECT_FALSE(window->player().isLooping());
}

TEST_F(Replay, KeepsBookmarksBesideTheRecordingAndFindsThemAgain) {
    open();
    window->player().moveTo(12'000'000);
    show(ViewKind::Kitchen);
    key(Qt::Key_B);
    ASSERT_EQ(state().marks().size(), 1);
    const auto kept = storage::readBookmarks(file.toStdString());
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, (std::vector<storage::Bookmark>{{12'000'000, "1", "the lock is taken"}}));
    note = QStringLiteral("two words");
    key(Qt::Key_B); // there is one: its note is changed
    EXPECT_EQ(offered, QStringLiteral("the lock is taken"));
    EXPECT_EQ(state().marks().size(), 1);
    window.reset();
    open();
    ASSERT_EQ(state().marks().size(), 1);
    EXPECT_EQ(state().marks().first().note, QStringLiteral("two words"));
    key(Qt::Key_N);
    window->transport().bookmarks().removeHere();
    EXPECT_FALSE(QFile::exists(file + QStringLiteral(".bookmarks")));
}

TEST_F(Replay, KeepsTheBookmarksOfARunWhileAnotherIsShown) {
    open();
    window->player().moveTo(12'000'000);
    window->transport().bookmarks().addHere();
    const RunId first = window->panes().primaryPane().runId();
    RunEntry entry;
    entry.state = RunState::Opened;
    entry.recording = support::sketch("a: RRRRd\n");
    const RunId id = window->runs().add(std::move(entry));
    window->panes().showOnly(*window->runs().find(id));
    EXPECT_TRUE(state().marks().isEmpty());
    window->player().moveTo(2000);
    window->transport().bookmarks().addHere();
    window->panes().showOnly(*window->runs().find(first));
    ASSERT_EQ(state().marks().size(), 1);
    EXPECT_EQ(state().marks().first().timeNs, 12'000'000);
    EXPECT_EQ(storage::readBookmarks(file.toStdString())->size(), 1U);
    window->panes().showOnly(*window->runs().find(id));
    EXPECT_EQ(state().marks().size(), 1) << "those of a run that isn't saved, too";
}

TEST_F(Replay, SaysThatBookmarksCannotBeReadAndLosesNothing) {
    QFile bad(file + QStringLiteral(".bookmarks"));
    ASSERT_TRUE(bad.open(QIODevice::WriteOnly));
    bad.write("precious");
    bad.close();
    open();
    ASSERT_EQ(window->messages().sentences().size(), 1);
    EXPECT_TRUE(window->messages().sentences().first().contains(QStringLiteral("can't be read")));
    window->player().moveTo(1'000'000);
    window->transport().bookmarks().addHere();
    QFile aside(file + QStringLiteral(".bookmarks.unreadable"));
    ASSERT_TRUE(aside.open(QIODevice::ReadOnly));
    EXPECT_EQ(aside.readAll(), QByteArray("precious"));
    EXPECT_EQ(storage::readBookmarks(file.toStdString())->size(), 1U);
}

TEST_F(Replay, GoesOnInTheComparison) {
    open();
    window->player().moveTo(20'000'000);
    show(ViewKind::Compare);
    EXPECT_NE(window->player().viewState(), &state());
    EXPECT_EQ(window->player().cursorNs(), 20'000'000);
    show(ViewKind::Gantt);
    EXPECT_EQ(window->player().viewState(), &state());
}

class Presenting : public Replay {
protected:
    void SetUp() override {
        open();
        state().setMarks({{10'000'000, QStringLiteral("1"), QStringLiteral("first")},
                          {30'000'000, QStringLiteral("2"), QStringLiteral("second")}});
        window->actions().present->trigger();
        ASSERT_TRUE(window->presenter().isPresenting());
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(window->centralWidget(), key, modifiers);
    }
    QLabel* caption() { return window->findChild<QLabel*>(QStringLiteral("presenterCaption")); }
};

TEST_F(Presenting, FillsTheScreenAndPutsTheWindowBackAsItWas) {
    EXPECT_TRUE(window->isFullScreen());
    EXPECT_FALSE(window->menuBar()->isVisible());
    EXPECT_FALSE(window->statusBar()->isVisible());
    key(Qt::Key_Escape);
    EXPECT_FALSE(window->presenter().isPresenting());
    EXPECT_FALSE(window->isFullScreen());
    EXPECT_TRUE(window->menuBar()->isVisible());
    EXPECT_TRUE(window->panes().isVisible());
    EXPECT_EQ(window->panes().window(), window.get());
    window->actions().present->trigger(); // and again
    key(Qt::Key_Escape);
    EXPECT_TRUE(window->statusBar()->isVisible());
}

TEST_F(Presenting, IsWalkedThroughByTheTwoKeysOfAClicker) {
    key(Qt::Key_PageDown);
    EXPECT_EQ(state().momentNs(), 10'000'000);
    EXPECT_TRUE(caption()->text().endsWith(QStringLiteral("first")));
    EXPECT_TRUE(caption()->text().startsWith(QStringLiteral("1 of 2")));
    key(Qt::Key_PageDown);
    EXPECT_EQ(state().momentNs(), 30'000'000);
    key(Qt::Key_PageUp);
    EXPECT_EQ(state().momentNs(), 10'000'000);
    state().setMarks({});
    key(Qt::Key_PageDown); // no bookmarks: to the next event
    EXPECT_GT(state().momentNs(), 10'000'000);
    EXPECT_LT(state().momentNs(), 30'000'000);
}

TEST_F(Presenting, EnlargesEverythingFromOneToThreefold) {
    key(Qt::Key_0, Qt::ControlModifier);
    EXPECT_DOUBLE_EQ(window->presenter().enlargement(), 1);
    const auto width = [this] { return window->panes().width(); };
    ASSERT_TRUE(QTest::qWaitFor([&] { return width() == window->width(); })) << width();
    const int wide = width();
    for (int i = 0; i < 20; ++i) {
        key(Qt::Key_Plus, Qt::ControlModifier);
    }
    EXPECT_DOUBLE_EQ(window->presenter().enlargement(), 3);
    EXPECT_TRUE(QTest::qWaitFor([&] { return width() < wide; })) << width() << " of " << wide;
    key(Qt::Key_Minus, Qt::ControlModifier);
    EXPECT_DOUBLE_EQ(window->presenter().enlargement(), 2.75);
}

TEST_F(Presenting, GoesThroughTheChosenViewsOnly) {
    for (int i = 0; i < kViewKinds; ++i) {
        const auto view = static_cast<ViewKind>(i);
        window->actions().presented[static_cast<std::size_t>(i)]->setChecked(
            view == ViewKind::Gantt || view == ViewKind::Kitchen);
    }
    EXPECT_EQ(window->view(), ViewKind::Gantt);
    key(Qt::Key_Tab);
    EXPECT_EQ(window->view(), ViewKind::Kitchen);
    key(Qt::Key_Tab);
    EXPECT_EQ(window->view(), ViewKind::Gantt);
    key(Qt::Key_Backtab, Qt::ShiftModifier);
    EXPECT_EQ(window->view(), ViewKind::Kitchen);
}

TEST_F(Presenting, MakesTheScreenDarkAndComesBack) {
    auto* blank = window->findChild<QWidget*>(QStringLiteral("presenterBlank"));
    ASSERT_NE(blank, nullptr);
    key(Qt::Key_B);
    EXPECT_TRUE(blank->isVisible());
    key(Qt::Key_Escape);
    EXPECT_FALSE(blank->isVisible());
    EXPECT_TRUE(window->presenter().isPresenting());
}

TEST_F(Presenting, EndsWithTheWindow) {
    window->close();
    window.reset();
}

} // namespace
} // namespace interleave::ui
