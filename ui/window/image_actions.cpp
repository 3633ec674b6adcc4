// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/image_actions.h"

#include "ui/export/export_view.h"
#include "ui/panels/message_strip.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/run_pane.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>

#include <algorithm>

namespace interleave::ui {

namespace {

/// "ten-dishes-threads-2026-11-23": scenario, model, day of the run.
QString fileNameFor(const recording::Recording& recording) {
    const std::string day = recording.info.startedAt.substr(0, 10);
    QStringList parts;
    for (const std::string& part : {recording.info.scenario, recording.info.model, day}) {
        if (!part.empty()) {
            parts << QString::fromStdString(part);
        }
    }
    static const QRegularExpression unfit(QStringLiteral("[^\\w.-]+"),
                                          QRegularExpression::UseUnicodePropertiesOption);
    QString name = parts.join(QLatin1Char('-')).toLower().replace(unfit, QStringLiteral("-"));
    while (name.startsWith(QLatin1Char('-')) || name.startsWith(QLatin1Char('.'))) {
        name.remove(0, 1);
    }
    return name.isEmpty() ? QStringLiteral("recording") : name;
}

} // namespace

ExportSubject exportSubjectOf(MainWindow& window) {
    ExportSubject subject;
    RunPane& pane = window.panes().activePane();
    const ViewState& state = pane.viewState();
    subject.shown = state.recording();
    if (!subject.shown || window.panes().shown().empty()) {
        return {};
    }
    for (const RunEntry& entry : window.runs().entries()) {
        if (entry.id == pane.runId()) {
            subject.shownFile = entry.file;
        }
        if (entry.recording && !entry.recording->isLive &&
            entry.recording->info.scenario == subject.shown->info.scenario) {
            subject.compared.push_back(entry.recording);
            subject.comparedFiles << entry.file;
        }
    }
    subject.view = static_cast<ExportView>(window.view());
    subject.visible = state.visible();
    subject.at = state.momentNs().value_or(subject.shown->range.endNs);
    subject.selected = state.selectedRange();
    subject.grouping = state.grouping();
    subject.hidden = state.hiddenStates();
    subject.suggestedFile = fileNameFor(*subject.shown);
    return subject;
}

void showExportDialog(MainWindow& window) {
    ExportSubject subject = exportSubjectOf(window);
    if (!subject.shown) {
        return;
    }
    ExportDialog dialog(std::move(subject), &window);
    if (dialog.exec() == QDialog::Accepted) {
        window.messages().show(
            MessageKind::Note,
            MainWindow::tr("The image was saved as %1.").arg(dialog.writtenFile()));
    }
}

QMimeData* viewAsMimeData(MainWindow& window) {
    const ExportSubject subject = exportSubjectOf(window);
    if (!subject.shown) {
        return nullptr;
    }
    ExportRequest request;
    request.view = subject.view;
    request.grouping = subject.grouping;
    request.hidden = subject.hidden;
    request.theme = window.theme().kind();
    request.size = QSizeF(window.panes().size().expandedTo({400, 200}));
    request.scale = std::max(1.0, window.devicePixelRatioF());
    const bool isComparing = subject.view == ExportView::Compare;
    if (!isComparing) {
        request.range = subject.visible;
    }
    if (subject.view == ExportView::Topology || subject.view == ExportView::Kitchen) {
        request.at = subject.at;
    }
    const std::vector<RecordingPtr> recordings =
        isComparing ? subject.compared : std::vector<RecordingPtr>{subject.shown};
    request.format = ExportFormat::Png;
    const auto png = exportBytes(recordings, request);
    request.format = ExportFormat::Svg;
    const auto svg = exportBytes(recordings, request);
    if (!png || !svg) {
        const Error& error = !png ? png.error() : svg.error();
        window.messages().show(MessageKind::Error, QString::fromStdString(error.message));
        return nullptr;
    }
    auto* data = new QMimeData;
    data->setData(QStringLiteral("image/png"), *png);
    data->setData(QStringLiteral("image/svg+xml"), *svg);
    data->setImageData(QImage::fromData(*png, "PNG")); // in every other format Qt can write
    return data;
}

void addCopyImageAction(MainWindow& window) {
    QAction* like = window.actions().exportImage;
    auto* copy = new QAction(MainWindow::tr("Cop&y image"), &window);
    copy->setObjectName(QStringLiteral("copyImage"));
    copy->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    copy->setEnabled(like->isEnabled());
    QObject::connect(like, &QAction::enabledChanged, copy, &QAction::setEnabled);
    QObject::connect(copy, &QAction::triggered, &window, [&window] {
        if (QMimeData* data = viewAsMimeData(window)) {
            QApplication::clipboard()->setMimeData(data);
            window.messages().show(MessageKind::Note, MainWindow::tr("The image was copied."));
        }
    });
    for (QObject* place : like->associatedObjects()) {
        if (auto* menu = qobject_cast<QMenu*>(place)) {
            const QList<QAction*> actions = menu->actions();
            const qsizetype next = actions.indexOf(like) + 1;
            menu->insertAction(next < actions.size() ? actions[next] : nullptr, copy);
        }
    }
}

} // namespace interleave::ui
