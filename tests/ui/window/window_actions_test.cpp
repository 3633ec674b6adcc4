// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <gtest/gtest.h>

#include <map>

namespace interleave::ui {
namespace {

/// The letter after a single ampersand, in lower case; null without one.
QChar mnemonicOf(const QString& text) {
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == '&' && text[i + 1] == '&') {
            ++i;
        } else if (text[i] == '&') {
            return text[i + 1].toLower();
        }
    }
    return {};
}

void expectUniqueMnemonics(const QString& where, const QList<QAction*>& actions) {
    std::map<QChar, QString> seen;
    for (const QAction* action : actions) {
        if (action->isSeparator()) {
            continue;
        }
        const QChar letter = mnemonicOf(action->text());
        EXPECT_FALSE(letter.isNull())
            << where.toStdString() << ": " << action->text().toStdString();
        EXPECT_TRUE(seen.emplace(letter, action->text()).second)
            << where.toStdString() << ": " << action->text().toStdString() << " and "
            << seen[letter].toStdString();
    }
}

TEST(WindowActions, MnemonicsAreUniqueInEveryMenu) {
    QMainWindow window;
    const WindowActions actions(window);
    expectUniqueMnemonics(QStringLiteral("menu bar"), window.menuBar()->actions());
    for (const QMenu* menu : window.findChildren<QMenu*>()) {
        expectUniqueMnemonics(menu->title(), menu->actions());
    }
}

TEST(WindowActions, NoKeyMeansTwoThings) {
    QMainWindow window;
    const WindowActions actions(window);
    std::map<QString, QString> seen;
    for (const QAction* action : window.findChildren<QAction*>()) {
        for (const QKeySequence& key : action->shortcuts()) {
            EXPECT_TRUE(seen.emplace(key.toString(), action->text()).second)
                << key.toString().toStdString() << ": " << action->text().toStdString() << " and "
                << seen[key.toString()].toStdString();
        }
    }
    EXPECT_GT(seen.size(), 15u);
}

TEST(WindowActions, LettersAloneBelongToTheViews) {
    QMainWindow window;
    const WindowActions actions(window);
    for (const QAction* action : window.findChildren<QAction*>()) {
        for (const QKeySequence& key : action->shortcuts()) {
            EXPECT_GT(key.toString().size(), 1) << action->text().toStdString();
        }
    }
}

} // namespace
} // namespace interleave::ui
