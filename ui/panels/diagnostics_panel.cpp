// SPDX-License-Identifier: GPL-3.0-or-later
// DiagnosticsPanel: a sentence a line, with an icon for how bad it is.
#include "ui/panels/diagnostics_panel.h"

#include "ui/panels/icons.h"

namespace interleave::ui {

namespace {

QString iconOf(recording::Severity severity) {
    switch (severity) {
    case recording::Severity::Info:
        return QStringLiteral("note");
    case recording::Severity::Warning:
        return QStringLiteral("warning");
    case recording::Severity::DataLoss:
        break;
    }
    return QStringLiteral("error");
}

} // namespace

DiagnosticsPanel::DiagnosticsPanel(QWidget* parent)
    : QListWidget(parent) {
    setFrameShape(QFrame::NoFrame);
    setWordWrap(true);
    setAccessibleName(tr("Diagnostics"));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void DiagnosticsPanel::setRecordings(
    const std::vector<std::shared_ptr<const recording::Recording>>& recordings) {
    QList<Line> lines;
    for (const auto& recording : recordings) {
        if (!recording) {
            continue;
        }
        const QString prefix = recordings.size() > 1
                                   ? QString::fromStdString(recording->info.model + ": ")
                                   : QString();
        for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
            lines.append(
                {diagnostic.severity, prefix + QString::fromStdString(diagnostic.message)});
        }
    }
    if (m_isFilled && lines == m_lines) {
        return;
    }
    m_isFilled = true;
    m_lines = lines;
    m_problems = 0;
    clear();
    for (const Line& line : lines) {
        addItem(new QListWidgetItem(iconNamed(iconOf(line.severity)), line.text));
        m_problems += line.severity == recording::Severity::Info ? 0 : 1;
    }
    if (lines.isEmpty()) {
        addItem(tr("Nothing was lost, and nothing is in doubt."));
    }
}

} // namespace interleave::ui
