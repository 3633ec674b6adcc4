// SPDX-License-Identifier: GPL-3.0-or-later
// A teacher's lesson in a folder of its own, with a question of each kind.
#pragma once

#include "engine/lesson/lesson.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace interleave::ui {

class LessonFolder {
public:
    LessonFolder() {
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
        write(QStringLiteral("text.md"), QStringLiteral("# Read this\n\nTwo *cooks*.\n"));
        write(QStringLiteral("afterwards.md"), QStringLiteral("Think about it.\n"));
        write(QStringLiteral("cooks.toml"),
              QStringLiteral("name = \"Cooks\"\n[[task]]\nname = \"dish\"\ncount = 2\n"
                             "steps = [ { compute = \"100 ms\" }, { io = \"50 ms\" } ]\n"));
        write(QStringLiteral("lesson.toml"), lessonText());
    }

    static QString lessonText() {
        return QStringLiteral(R"(name = "Cooks & more"
goal = "You can count cooks."
scenario = "cooks.toml"
findings = true

[[run]]
name = "one"
title = "one cook"
model = "gil-threads"
workers = 1

[[run]]
name = "two"
title = "two cooks"
model = "gil-threads"
workers = 2

[[question]]
kind = "finish-line"
ask = "When do two cooks finish?"
run = "two"
because = "They share <one> knife."

[[question]]
kind = "choice"
ask = "Which is faster?"
choices = [{ text = "One & only", when = "one.makespan_s < 0.5 * two.makespan_s" }, { text = "Neither" }]

[[question]]
kind = "number"
ask = "How many cook at once?"
answer = "two.parallelism_max"
unit = "cooks"

[[question]]
kind = "order"
ask = "Order them."
items = [{ text = "one", by = "one.makespan_s" }, { text = "two", by = "two.tasks_done" }]

[[phenomenon]]
says = "All dishes are done"
holds = "two.tasks_total == 2"
number = "two.tasks_total"
unit = "dishes"

[[play]]
key = "workers"
run = "two"
values = ["1", "4"]
about = "how many cooks"

[exercise]
ask = "Make it end at all."
run = "two"
passes = "two.tasks_total == 2"
hint = "It does."
)");
    }

    void write(const QString& name, const QString& text) const {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(text.toUtf8());
        }
    }
    QString path() const { return m_folder.path(); }
    lesson::Lesson lesson() const { return *lesson::readLesson(m_folder.path().toStdString()); }

private:
    QTemporaryDir m_folder;
};

} // namespace interleave::ui
