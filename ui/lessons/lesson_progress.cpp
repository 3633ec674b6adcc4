// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_progress.h"

#include "engine/scenario/resources.h"
#include "ui/theme/text.h"

#include <QSettings>
#include <QStringList>
#include <QUrl>

namespace interleave::ui {

namespace {

bool isShipped(const lesson::Lesson& lesson) {
    const auto resources = scenario::resourceFolder();
    return resources && lesson.folder.parent_path() == *resources / "lessons";
}

QString groupOf(const lesson::Lesson& lesson) {
    std::error_code error;
    const auto place = std::filesystem::absolute(lesson.folder, error).lexically_normal();
    const std::string name = isShipped(lesson) ? lesson.id : place.string();
    return QStringLiteral("lessons/") +
           QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(name)));
}

} // namespace

LessonProgress progressOf(const lesson::Lesson& lesson) {
    QSettings settings;
    settings.beginGroup(groupOf(lesson));
    LessonProgress progress;
    progress.isDone = settings.value(QStringLiteral("done"), false).toBool();
    progress.isSolved = settings.value(QStringLiteral("solved"), false).toBool();
    bool isNumber = false;
    const int score = settings.value(QStringLiteral("score")).toInt(&isNumber);
    if (isNumber && score >= 0 && score <= 100) {
        progress.score = score;
    }
    return progress;
}

void keepProgress(const lesson::Lesson& lesson, const LessonProgress& progress) {
    QSettings settings;
    settings.beginGroup(groupOf(lesson));
    settings.setValue(QStringLiteral("done"), progress.isDone);
    settings.setValue(QStringLiteral("solved"), progress.isSolved);
    if (progress.score) {
        settings.setValue(QStringLiteral("score"), *progress.score);
    } else {
        settings.remove(QStringLiteral("score"));
    }
}

QString progressText(const LessonProgress& progress) {
    QStringList parts;
    if (progress.isDone) {
        parts << tr("✓ done");
    }
    if (progress.score) {
        parts << tr("%1 of 100").arg(*progress.score);
    }
    if (progress.isSolved) {
        parts << tr("exercise solved");
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace interleave::ui
