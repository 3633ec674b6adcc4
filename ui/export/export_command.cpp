// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_command.h"

#include <QRegularExpression>

namespace interleave::ui {

namespace {

QString option(const char* name, const QString& value) {
    return QStringLiteral("--%1=%2").arg(QLatin1String(name), value);
}

/// A name that begins with a dash would be taken for an option.
QString asFile(const QString& name) {
    return name.startsWith(QLatin1Char('-')) ? QStringLiteral("./") + name : name;
}

} // namespace

QStringList exportArguments(const QStringList& recordingFiles, const ExportRequest& request) {
    const ExportRequest usual;
    QStringList arguments{QStringLiteral("export")};
    for (const QString& file : recordingFiles) {
        arguments << asFile(file);
    }
    arguments << QStringLiteral("-o") << asFile(QString::fromStdString(request.output.string()));
    arguments << option("view", nameOf(request.view));
    if (request.range) {
        arguments << option("from", QStringLiteral("%1ns").arg(request.range->beginNs))
                  << option("to", QStringLiteral("%1ns").arg(request.range->endNs));
    }
    if (request.at) {
        arguments << option("at", QStringLiteral("%1ns").arg(*request.at));
    }
    if (request.size) {
        arguments << option("size", textOfExportSize(*request.size));
    }
    if (request.scale != usual.scale) {
        arguments << option("scale", QString::number(request.scale, 'g', 10));
    }
    if (request.theme != usual.theme) {
        arguments << option("theme", nameOf(request.theme));
    }
    if (request.grouping != usual.grouping) {
        arguments << option("group", nameOf(request.grouping));
    }
    if (request.hidden.any()) {
        arguments << option("hide", textOf(request.hidden));
    }
    if (!request.hasLegend) {
        arguments << QStringLiteral("--no-legend");
    }
    if (!request.hasCaption) {
        arguments << QStringLiteral("--no-caption");
    }
    return arguments;
}

QString shellQuoted(const QString& argument) {
    static const QRegularExpression safe(QStringLiteral("\\A[A-Za-z0-9_@%+=:,./-]+\\z"));
    if (safe.match(argument).hasMatch()) {
        return argument;
    }
    QString inside = argument;
    inside.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + inside + QLatin1Char('\'');
}

QString exportCommandLine(const QStringList& recordingFiles, const ExportRequest& request) {
    QStringList words{QStringLiteral("interleave")};
    for (const QString& argument : exportArguments(recordingFiles, request)) {
        words << shellQuoted(argument);
    }
    return words.join(QLatin1Char(' '));
}

} // namespace interleave::ui
