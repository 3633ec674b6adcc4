// SPDX-License-Identifier: GPL-3.0-or-later
// The command line that makes the same picture as a request, so that what was found by clicking
// can be put into a script.
#pragma once

#include "ui/export/export_request.h"

#include <QStringList>

namespace interleave::ui {

/// The arguments after the program's name. Only what differs from the defaults is said.
QStringList exportArguments(const QStringList& recordingFiles, const ExportRequest& request);

/// One argument as a POSIX shell reads it: as it is where that is safe, else in single quotes.
QString shellQuoted(const QString& argument);

/// "interleave export run.ilv -o run.png --view gantt".
QString exportCommandLine(const QStringList& recordingFiles, const ExportRequest& request);

} // namespace interleave::ui
