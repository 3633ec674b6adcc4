// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help_dialogs.h"

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <span>

namespace interleave::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Help", text);
}

struct KeyLine {
    const char* keys;
    const char* effect;
};

constexpr KeyLine kTimelineKeys[] = {
    {"Ctrl + wheel", QT_TR_NOOP("zoom at the pointer")},
    {"Wheel, Shift + wheel", QT_TR_NOOP("scroll rows, scroll time")},
    {"W S A D", QT_TR_NOOP("zoom in, zoom out, left, right (by place on the keyboard)")},
    {"+ −, arrows, Home or 0", QT_TR_NOOP("zoom, move, fit")},
    {"Click; double click or F", QT_TR_NOOP("select a bar; zoom to it")},
    {"Drag over rows", QT_TR_NOOP("select a range of time")},
    {"Drag on the axis, Shift + drag", QT_TR_NOOP("measure: from, to, how long")},
    {"Middle drag, Space + drag", QT_TR_NOOP("move")},
    {". ,", QT_TR_NOOP("next, previous bar of the row")},
    {"] [", QT_TR_NOOP("along the arrow: to what it woke, to what woke it")},
    {"M", QT_TR_NOOP("mark")},
    {"Esc", QT_TR_NOOP("clear the selection")},
};

constexpr KeyLine kWindowKeys[] = {
    {"F5, Ctrl+F5", QT_TR_NOOP("run, run under all models")},
    {"Shift+F5", QT_TR_NOOP("stop")},
    {"Ctrl+1 … Ctrl+4", QT_TR_NOOP("Gantt, CPU utilisation, contention, compare")},
    {"Ctrl+0, Ctrl++, Ctrl+−", QT_TR_NOOP("fit, zoom in, zoom out")},
    {"Ctrl+Z, Ctrl+Shift+Z", QT_TR_NOOP("back to where you looked before, and forward")},
    {"F6, Shift+F6", QT_TR_NOOP("next, previous pane")},
    {"Enter, Ctrl+Enter in the list of runs",
     QT_TR_NOOP("show a run, stack it with the one shown")},
    {"Delete in the list of runs", QT_TR_NOOP("remove a run from the list")},
    {"Ctrl+O, Ctrl+S, Ctrl+E", QT_TR_NOOP("open, save the recording, export an image")},
    {"F11", QT_TR_NOOP("full screen")},
};

QString table(const QString& title, std::span<const KeyLine> lines) {
    QString html = QStringLiteral("<h3>%1</h3><table cellpadding=3>").arg(title);
    for (const KeyLine& line : lines) {
        html += QStringLiteral("<tr><td><b>%1</b></td><td style='padding-left:16px'>%2</td></tr>")
                    .arg(QString::fromUtf8(line.keys), tr(line.effect));
    }
    return html + QStringLiteral("</table>");
}

} // namespace

void showKeys(QWidget* parent) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keys"));
    auto* text = new QTextBrowser(dialog);
    text->setFrameShape(QFrame::NoFrame);
    text->setHtml(table(tr("In the window"), kWindowKeys) + table(tr("In a view"), kTimelineKeys));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(text);
    column->addWidget(buttons);
    dialog->resize(620, 560);
    dialog->show();
}

void showAbout(QWidget* parent) {
    QMessageBox box(parent);
    box.setWindowTitle(tr("About Interleave"));
    box.setIconPixmap(QApplication::windowIcon().pixmap(64));
    box.setText(
        QStringLiteral("<h3>Interleave %1</h3>").arg(QCoreApplication::applicationVersion()));
    box.setInformativeText(
        tr("Runs the same work under every concurrency model and shows, exactly, what happened.\n\n"
           "Free software under the GNU General Public License, version 3 or later. Uses Qt %1 and "
           "QCustomPlot.")
            .arg(QString::fromLatin1(qVersion())));
    box.exec();
}

} // namespace interleave::ui
