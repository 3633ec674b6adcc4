// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_panel.h"

#include "tests/ui/lessons/lesson_folder.h"
#include "tests/ui/window/window_settings.h"
#include "ui/lessons/lesson_delegate.h"
#include "ui/lessons/lesson_list.h"

#include <QLabel>
#include <QListWidget>
#include <QRegularExpression>
#include <QSettings>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Lessons : public testing::Test {
protected:
    QString text(int row, int role) { return panel.list().list().item(row)->data(role).toString(); }

    WindowSettings settings;
    LessonFolder folder;
    RunListItemModel runs;
    RunQueue queue{QStringLiteral("/bin/false"), runs};
    LessonPanel panel{queue, runs};
};

TEST_F(Lessons, ThatAreShippedAreListedInTheirOrderWithTheirGoals) {
    panel.load();
    ASSERT_EQ(panel.list().list().count(), 12);
    EXPECT_EQ(text(0, Qt::DisplayRole), QStringLiteral("Blocking and non-blocking"));
    EXPECT_EQ(text(3, Qt::DisplayRole), QStringLiteral("Threads and the GIL"));
    EXPECT_TRUE(text(3, LessonDelegate::GoalRole).startsWith(QStringLiteral("You can predict")));
    EXPECT_FALSE(panel.isOpen());
}

TEST_F(Lessons, AreOpenedByMouseAndKeyAndGoneThrough) {
    panel.load();
    panel.show();
    auto& list = panel.list().list();
    list.setCurrentRow(3);
    QTest::keyClick(&list, Qt::Key_Return);
    ASSERT_TRUE(panel.isOpen());
    EXPECT_EQ(panel.page().lesson()->id, "04-threads-and-the-gil");
    panel.openOther(1);
    EXPECT_EQ(panel.page().lesson()->id, "05-the-switch-interval-and-the-convoy");
    panel.openOther(100);
    EXPECT_EQ(panel.page().lesson()->id, "05-the-switch-interval-and-the-convoy");
    panel.showList();
    EXPECT_FALSE(panel.isOpen());
}

TEST_F(Lessons, OfATeacherAreAddedAndReadAnewWhenOpenedAgain) {
    panel.openFolder(folder.path());
    ASSERT_TRUE(panel.isOpen()) << panel.list().problem().toStdString();
    EXPECT_EQ(panel.page().lesson()->name, "Cooks & more");
    EXPECT_EQ(panel.list().list().count(), 13);
    folder.write(QStringLiteral("lesson.toml"),
                 LessonFolder::lessonText().replace(QStringLiteral("Cooks & more"),
                                                    QStringLiteral("Chefs")));
    panel.openFolder(folder.path() + QStringLiteral("/lesson.toml"));
    EXPECT_EQ(panel.page().lesson()->name, "Chefs");
    EXPECT_EQ(panel.list().list().count(), 13);
}

TEST_F(Lessons, WithAMistakeAreRefusedInOneSentenceThatSaysWhere) {
    folder.write(QStringLiteral("lesson.toml"),
                 LessonFolder::lessonText().replace(QStringLiteral("kind = \"choice\""),
                                                    QStringLiteral("kind = \"chioce\"")));
    panel.openFolder(folder.path());
    EXPECT_FALSE(panel.isOpen());
    const QString problem = panel.list().problem();
    EXPECT_TRUE(problem.contains(QRegularExpression(QStringLiteral("lesson\\.toml:25:\\d+: "))))
        << problem.toStdString();
    EXPECT_TRUE(problem.contains(QStringLiteral("choice, number, order or finish-line")))
        << problem.toStdString();
    EXPECT_EQ(problem.count('\n'), 0);
    panel.openLesson(0); // and goes on
    EXPECT_TRUE(panel.list().problem().isEmpty());
}

TEST_F(Lessons, ThatAreNoneAreRefusedToo) {
    QTemporaryDir empty;
    panel.openFolder(empty.path());
    EXPECT_FALSE(panel.isOpen());
    EXPECT_TRUE(panel.list().problem().contains(QStringLiteral("lesson.toml")))
        << panel.list().problem().toStdString();
    folder.write(QStringLiteral("text.md"), QString(QChar(0)));
    panel.openFolder(folder.path());
    EXPECT_TRUE(panel.list().problem().contains(QStringLiteral("is not a text file")))
        << panel.list().problem().toStdString();
}

TEST_F(Lessons, KeepDoneMarksAndScores) {
    const lesson::Lesson lesson = folder.lesson();
    EXPECT_EQ(progressOf(lesson), LessonProgress());
    keepProgress(lesson, {true, 85, true});
    EXPECT_EQ(progressOf(lesson), (LessonProgress{true, 85, true}));
    panel.openFolder(folder.path());
    EXPECT_EQ(text(12, LessonDelegate::ProgressRole),
              QStringLiteral("✓ done, 85 of 100, exercise solved"));
    EXPECT_TRUE(text(12, Qt::AccessibleTextRole).endsWith(QStringLiteral("exercise solved")));
    LessonFolder other; // another folder is another lesson
    EXPECT_EQ(progressOf(other.lesson()), LessonProgress());
    keepProgress(lesson, {true, std::nullopt, false});
    EXPECT_FALSE(progressOf(lesson).score);
}

TEST_F(Lessons, SurviveSettingsThatSomebodyHasSpoilt) {
    panel.load();
    QSettings().setValue(QStringLiteral("lessons/01-blocking-and-non-blocking/score"),
                         QStringLiteral("many"));
    panel.openLesson(0);
    EXPECT_FALSE(progressOf(*panel.page().lesson()).score);
}

} // namespace
} // namespace interleave::ui
