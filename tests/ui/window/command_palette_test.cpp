// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include <QLineEdit>
#include <QTest>
#include <QVBoxLayout>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Palette : public ::testing::Test {
protected:
    Palette() {
        window.resize(800, 600);
        before.setFocus();
        window.show();
        window.activateWindow();
        palette.open({{"View: Zoom in", "Ctrl++", true, [this] { ran = "in"; }},
                      {"View: Zoom out", "Ctrl+-", true, [this] { ran = "out"; }},
                      {"File: Save", "Ctrl+S", false, [this] { ran = "save"; }},
                      {"File: Open", "Ctrl+O", true, [this] { ran = "open"; }}});
    }
    void key(Qt::Key key) { QTest::keyClick(&palette.text(), key); }

    QWidget window;
    QLineEdit before{&window};
    CommandPalette palette{&window};
    QString ran;
};

TEST_F(Palette, ListsWhatFitsBestFirst) {
    EXPECT_EQ(palette.listed().size(), 4);
    QTest::keyClicks(&palette.text(), "out zo");
    EXPECT_EQ(palette.listed(), (QStringList{"View: Zoom out"}));
    palette.text().setText("o");
    EXPECT_EQ(palette.listed().first(), QStringLiteral("File: Open")) << "where a word begins";
    palette.text().setText("unicorn");
    EXPECT_TRUE(palette.listed().isEmpty());
    key(Qt::Key_Return);
    EXPECT_EQ(ran, QString());
}

TEST_F(Palette, RunsWhatIsChosenAndGoesAway) {
    QTest::keyClicks(&palette.text(), "zoom");
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    EXPECT_EQ(ran, QStringLiteral("out"));
    EXPECT_FALSE(palette.isVisible());
}

TEST_F(Palette, DoesNotRunWhatCannotBeDoneNow) {
    QTest::keyClicks(&palette.text(), "save");
    key(Qt::Key_Return);
    EXPECT_EQ(ran, QString());
    EXPECT_TRUE(palette.isVisible());
}

TEST_F(Palette, EscapeGivesTheKeyboardBack) {
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    key(Qt::Key_Escape);
    EXPECT_FALSE(palette.isVisible());
    EXPECT_EQ(QApplication::focusWidget(), &before);
}

} // namespace
} // namespace interleave::ui
