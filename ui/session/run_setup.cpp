// SPDX-License-Identifier: GPL-3.0-or-later
// RunSetup as a command line and as a line of text.
#include "ui/session/run_setup.h"

#include <QCoreApplication>
#include <QLocale>

namespace interleave::ui {

QStringList RunSetup::arguments(const QString& sessionFolder, const QString& recordingFile) const {
    QStringList result{"run", scenario, "--model", model};
    if (workers) {
        result << "--workers" << QString::number(*workers);
    }
    for (const auto& [key, value] : settings) {
        result << "--set" << QString::fromStdString(key + "=" + value);
    }
    result << "--session" << sessionFolder << "-o" << recordingFile;
    return result;
}

QString counted(qlonglong count, const QString& one, const QString& many) {
    return QStringLiteral("%1 %2").arg(QLocale().toString(count), count == 1 ? one : many);
}

QString summaryOf(const RunSetup& setup) {
    QStringList parts{setup.model};
    if (setup.workers) {
        parts << counted(*setup.workers, QCoreApplication::translate("RunSetup", "worker"),
                         QCoreApplication::translate("RunSetup", "workers"));
    }
    for (const auto& [key, value] : setup.settings) {
        parts << QString::fromStdString(key + " = " + value);
    }
    return parts.join(", ");
}

} // namespace interleave::ui
