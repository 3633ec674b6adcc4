// SPDX-License-Identifier: GPL-3.0-or-later
// The drawn keyboard follows what the user's keys type.
#include "ui/window/key_picture.h"

#include "ui/gantt/gantt_keys.h"
#include "ui/window/keyboard_labels.h"

#include <QApplication>
#include <QKeyEvent>
#include <QWidget>
#include <algorithm>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class KeySheet : public ::testing::Test {
protected:
    void type(std::uint32_t scanCode, const QString& text) {
        QKeyEvent event(QEvent::KeyPress, 0, {}, scanCode, 0, 0, text);
        QApplication::sendEvent(&m_widget, &event);
    }
    QString effectOf(const QString& label) const {
        const auto caps = keyCaps(labels);
        const auto cap = std::ranges::find(caps, label, &KeyCap::label);
        return cap == caps.end() ? QStringLiteral("no such key") : cap->effect;
    }

    KeyboardLabels labels;

private:
    QWidget m_widget;
};

TEST_F(KeySheet, BeginsWithAnAmericanKeyboard) {
    EXPECT_EQ(labels.at(25), QStringLiteral("W"));
    EXPECT_EQ(labels.at(61), QStringLiteral("/"));
    EXPECT_EQ(labels.at(200), QString());
    EXPECT_EQ(effectOf("W"), QStringLiteral("zoom in"));
    EXPECT_EQ(effectOf("/"), QStringLiteral("search"));
    EXPECT_EQ(effectOf("J"), QString());
}

TEST_F(KeySheet, LearnsAFrenchKeyboardFromWhatIsTyped) {
    type(25, "z");
    type(24, "a");
    type(38, "q");
    type(52, "w");
    type(47, "m");
    type(58, ",");
    EXPECT_EQ(effectOf("Z"), QStringLiteral("zoom in")) << "the place counts";
    EXPECT_EQ(effectOf("Q"), QStringLiteral("left"));
    EXPECT_EQ(effectOf("W"), QString());
    EXPECT_EQ(effectOf("M"), QStringLiteral("mark")) << "the letter counts";
    EXPECT_EQ(effectOf(","), QStringLiteral("span before"));
}

TEST_F(KeySheet, CapsDoNotOverlap) {
    const auto caps = keyCaps(labels);
    EXPECT_GT(caps.size(), 50u);
    for (std::size_t i = 0; i < caps.size(); ++i) {
        for (std::size_t j = i + 1; j < caps.size(); ++j) {
            EXPECT_FALSE(caps[i].place.intersects(caps[j].place))
                << caps[i].label.toStdString() << " and " << caps[j].label.toStdString();
        }
    }
}

TEST_F(KeySheet, ShowsEveryCommandThatHasAKeyOfItsOwn) {
    const auto caps = keyCaps(labels);
    for (const GanttCommand& command : ganttCommands()) {
        if (command.modifiers != Qt::NoModifier || command.key == Qt::Key_Delete) {
            continue;
        }
        const QString label =
            command.scanCode != 0 ? labels.at(command.scanCode) : QString(QChar(command.key));
        EXPECT_FALSE(effectOf(label).isEmpty()) << command.text;
    }
}

} // namespace
} // namespace interleave::ui
