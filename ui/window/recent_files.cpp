// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace interleave::ui {

namespace {

const QString kKey = QStringLiteral("recentFiles");
constexpr qsizetype kMostFiles = 10;

} // namespace

QStringList recentFiles() {
    QStringList files = QSettings().value(kKey).toStringList();
    files.removeIf([](const QString& file) { return !QFileInfo::exists(file); });
    return files;
}

void addRecentFile(const QString& file) {
    QStringList files = QSettings().value(kKey).toStringList();
    const QString path = QFileInfo(file).absoluteFilePath();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(kKey, files.mid(0, kMostFiles));
}

void clearRecentFiles() {
    QSettings().remove(kKey);
}

QString lastFolder() {
    const QStringList files = recentFiles();
    return files.isEmpty() ? QDir::homePath() : QFileInfo(files.first()).absolutePath();
}

} // namespace interleave::ui
