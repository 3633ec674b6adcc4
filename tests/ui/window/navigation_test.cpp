// SPDX-License-Identifier: GPL-3.0-or-later
// Ways about in the whole window, by keys alone.
#include "ui/window/main_window.h"

#include "tests/support/patience.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/window/window_settings.h"
#include "ui/gantt/gantt_view.h"
#include "ui/panels/breadcrumb.h"
#include "ui/panels/search_panel.h"
#include "ui/window/pane_stack.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QDialog>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

#include <set>

namespace interleave::ui {
namespace {

class Navigation : public ::testing::Test {
protected:
    Navigation() {
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
        window = std::make_unique<MainWindow>(WindowOptions{QStringLiteral("/bin/false"), {}, {}});
        RunEntry entry;
        entry.state = RunState::Opened;
        entry.recording = support::demoRecording();
        const RunId id = window->runs().add(std::move(entry));
        window->panes().showOnly(*window->runs().find(id));
        window->QMainWindow::show();
    }
    void SetUp() override {
        ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
        window->panes().primaryPane().focusView();
        gantt = qobject_cast<GanttView*>(window->panes().primaryPane().view());
        ASSERT_NE(gantt, nullptr);
        ASSERT_EQ(QApplication::focusWidget(), gantt);
    }
    /// To whatever has the keyboard, as a person would.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    ViewState& state() { return window->panes().primary(); }

    WindowSettings m_settings;
    std::unique_ptr<MainWindow> window;
    GanttView* gantt = nullptr;
};

TEST_F(Navigation, SlashOpensTheSearchAndEscapeComesBack) {
    key(Qt::Key_Slash);
    EXPECT_EQ(QApplication::focusWidget(), &window->search().text());
    EXPECT_TRUE(window->search().text().text().isEmpty()) << "the slash is not part of the text";
    key(Qt::Key_Escape);
    EXPECT_FALSE(window->search().isVisible());
    EXPECT_EQ(QApplication::focusWidget(), gantt);
    key(Qt::Key_F, Qt::ControlModifier);
    EXPECT_EQ(QApplication::focusWidget(), &window->search().text());
}

TEST_F(Navigation, SingleKeysAreTextInATextField) {
    key(Qt::Key_Slash);
    const TimeRange before = state().visible();
    QTest::keyClicks(&window->search().text(), "wasdfm0.,[]/?");
    EXPECT_EQ(window->search().text().text(), QStringLiteral("wasdfm0.,[]/?"));
    EXPECT_EQ(state().visible(), before);
    EXPECT_FALSE(state().passingMarkNs().has_value());
    EXPECT_EQ(window->findChild<QDialog*>(QStringLiteral("keySheet")), nullptr);
}

TEST_F(Navigation, HitsAreGoneThroughWithTheKeyboard) {
    key(Qt::Key_Slash);
    QTest::keyClicks(&window->search().text(), "running");
    ASSERT_TRUE(QTest::qWaitFor([&] { return state().searchHits() != nullptr; }, kPatienceMs));
    ASSERT_GT(state().searchHits()->count, 1u);
    key(Qt::Key_Return);
    ASSERT_TRUE(state().selectedSpan().has_value());
    const auto first = state().selectedSpan();
    key(Qt::Key_F3);
    EXPECT_NE(state().selectedSpan(), first);
    key(Qt::Key_F3, Qt::ShiftModifier);
    EXPECT_EQ(state().selectedSpan(), first);
    key(Qt::Key_Escape);
    EXPECT_EQ(state().searchHits(), nullptr) << "pointed out while the list is seen";
    EXPECT_EQ(state().selectedSpan(), first) << "where the search led stays selected";
}

TEST_F(Navigation, EscapeClearsTheSelectionBeforeItLeavesTheSearch) {
    key(Qt::Key_Slash);
    window->panes().primaryPane().focusView();
    key(Qt::Key_Period);
    ASSERT_TRUE(state().selectedSpan().has_value());
    key(Qt::Key_Escape);
    EXPECT_FALSE(state().selectedSpan().has_value());
    EXPECT_TRUE(window->search().isVisible());
    key(Qt::Key_Escape);
    EXPECT_FALSE(window->search().isVisible());
}

TEST_F(Navigation, TheQuestionMarkAndF1DrawTheKeys) {
    key(Qt::Key_Question, Qt::ShiftModifier);
    auto* sheet = window->findChild<QDialog*>(QStringLiteral("keySheet"));
    ASSERT_NE(sheet, nullptr);
    EXPECT_TRUE(sheet->isVisible());
    EXPECT_FALSE(sheet->isModal());
}

TEST_F(Navigation, ThePaletteDoesWhatItsNameSays) {
    key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    ASSERT_TRUE(window->palette().isVisible());
    EXPECT_GT(window->palette().listed().size(), 40);
    QTest::keyClicks(&window->palette().text(), "theme dark");
    EXPECT_EQ(window->palette().listed(), (QStringList{"View › Theme › Dark"}));
    key(Qt::Key_Return);
    EXPECT_EQ(state().theme().kind, ThemeKind::Dark);
    EXPECT_EQ(QApplication::focusWidget(), gantt);
}

TEST_F(Navigation, ThePaletteReachesTheTimeline) {
    key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClicks(&window->palette().text(), "mark this moment");
    key(Qt::Key_Return);
    EXPECT_TRUE(state().passingMarkNs().has_value());
}

TEST_F(Navigation, NavigationIsUndoneAndRedone) {
    const TimeRange whole = state().visible();
    key(Qt::Key_Period);
    key(Qt::Key_F);
    const TimeRange framed = state().visible();
    ASSERT_NE(framed, whole);
    EXPECT_EQ(window->panes().primaryPane().breadcrumb().texts().size(), 2);
    key(Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(state().visible(), whole);
    key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(state().visible(), framed);
    key(Qt::Key_Backspace);
    EXPECT_EQ(state().visible(), whole);
}

TEST_F(Navigation, F6VisitsEveryPaneBothWays) {
    key(Qt::Key_Slash);
    std::set<QWidget*> there;
    std::set<QWidget*> back;
    for (int i = 0; i < 8; ++i) {
        key(Qt::Key_F6);
        there.insert(QApplication::focusWidget());
    }
    for (int i = 0; i < 8; ++i) {
        key(Qt::Key_F6, Qt::ShiftModifier);
        back.insert(QApplication::focusWidget());
    }
    EXPECT_TRUE(there.contains(gantt));
    EXPECT_TRUE(there.contains(&window->search().text()));
    EXPECT_GE(there.size(), 6u);
    EXPECT_EQ(there, back);
}

} // namespace
} // namespace interleave::ui
