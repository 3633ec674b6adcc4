// SPDX-License-Identifier: GPL-3.0-or-later
// The files opened or saved last, newest first, remembered between sessions.
#pragma once

#include <QStringList>

namespace interleave::ui {

/// Those that still exist.
QStringList recentFiles();
void addRecentFile(const QString& file);
void clearRecentFiles();
/// Where a file dialog should begin.
QString lastFolder();

} // namespace interleave::ui
