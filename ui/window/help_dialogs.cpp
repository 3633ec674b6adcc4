// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help_dialogs.h"

#include "ui/theme/text.h"
#include "ui/window/key_picture.h"
#include "ui/window/keyboard_labels.h"

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMessageBox>
#include <QScreen>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <span>

namespace interleave::ui {

namespace {

struct KeyLine {
    const char* keys;
    const char* effect;
};

constexpr KeyLine kMouse[] = {
    {"Ctrl + wheel", QT_TR_NOOP("zoom at the pointer")},
    {"Wheel; Shift + wheel", QT_TR_NOOP("scroll rows; scroll time")},
    {"Click; double click", QT_TR_NOOP("select a span; zoom to it")},
    {"Drag over rows", QT_TR_NOOP("select a range of time")},
    {"Drag on the axis; Shift + drag",
     QT_TR_NOOP("measure: from, to, how long, how often a second")},
    {"Middle drag; Space + drag", QT_TR_NOOP("move")},
    {"Back and forward buttons", QT_TR_NOOP("to where you looked before, and again")},
};

constexpr KeyLine kTimelineKeys[] = {
    {"%1 %2 %3 %4", QT_TR_NOOP("zoom in, left, zoom out, right (by place on the keyboard)")},
    {"+ −, arrows, PgUp PgDn", QT_TR_NOOP("zoom, move, scroll rows by a page")},
    {"Home, 0", QT_TR_NOOP("fit the whole run")},
    {"F", QT_TR_NOOP("zoom to what is selected; again: fit")},
    {". ,   Ctrl+Right Left   Tab", QT_TR_NOOP("next, previous span of the row")},
    {"Up Down", QT_TR_NOOP("the span beside it in the next row")},
    {"] [   Alt+Right Left",
     QT_TR_NOOP(
         "along the arrow: to what it led to, to what caused it; back and again: the next arrow")},
    {"Shift+Right Left", QT_TR_NOOP("select a range from the selected span on")},
    {"M; M M; Shift+M; Del",
     QT_TR_NOOP("mark; measure between two marks; keep the mark; remove it")},
    {"Backspace, Shift+Backspace", QT_TR_NOOP("back to where you looked before, and forward")},
    {"Esc", QT_TR_NOOP("clear the selection, then leave the search or the full screen")},
};

constexpr KeyLine kWindowKeys[] = {
    {"/   Ctrl+F; F3, Shift+F3", QT_TR_NOOP("search; next, previous hit")},
    {"Enter, Shift+Enter in the search", QT_TR_NOOP("next, previous hit")},
    {"Ctrl+Shift+P", QT_TR_NOOP("command palette: everything by its name")},
    {"?   F1", QT_TR_NOOP("this sheet")},
    {"Ctrl+Z, Ctrl+Shift+Z", QT_TR_NOOP("back to where you looked before, and forward")},
    {"Ctrl+0, Ctrl++, Ctrl+−", QT_TR_NOOP("fit, zoom in, zoom out")},
    {"Ctrl+1 … Ctrl+6",
     QT_TR_NOOP("Gantt, CPU utilisation, contention, compare, topology, kitchen")},
    {"Space, K; J L; Shift+J Shift+L",
     QT_TR_NOOP("replay: play or pause; event before, next event; slower, faster")},
    {"R; End", QT_TR_NOOP("replay the range again and again; to the end")},
    {"B; N, Shift+N", QT_TR_NOOP("bookmark with a note; next bookmark, the one before")},
    {"Shift+F11", QT_TR_NOOP("present: PgDn, PgUp next and previous step, Tab next view, "
                             "Ctrl++ Ctrl+− larger, smaller, B dark, Esc ends")},
    {"F6, Shift+F6", QT_TR_NOOP("next, previous pane")},
    {"F5, Ctrl+F5, Shift+F5", QT_TR_NOOP("run, run under all models, stop")},
    {"Enter, Ctrl+Enter in the runs", QT_TR_NOOP("show a run, stack it with the one shown")},
    {"Delete in the runs", QT_TR_NOOP("remove a run from the list")},
    {"Ctrl+O, Ctrl+S, Ctrl+E", QT_TR_NOOP("open, save the recording, export an image")},
    {"F11", QT_TR_NOOP("full screen")},
};

QString table(const QString& title, std::span<const KeyLine> lines, const KeyboardLabels& labels) {
    QString html = QStringLiteral("<h4>%1</h4><table cellpadding=2>").arg(title);
    for (const KeyLine& line : lines) {
        QString keys = QString::fromUtf8(line.keys);
        if (keys.contains(QLatin1String("%4"))) {
            keys = keys.arg(labels.at(25), labels.at(38), labels.at(39), labels.at(40));
        }
        html += QStringLiteral("<tr><td><b>%1</b></td><td style='padding-left:12px'>%2</td></tr>")
                    .arg(keys.toHtmlEscaped(), tr(line.effect));
    }
    return html + QStringLiteral("</table>");
}

} // namespace

void showKeys(QWidget* parent, const KeyboardLabels& labels, const Theme& theme) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("keySheet"));
    dialog->setWindowTitle(tr("Keys"));
    auto* text = new QTextBrowser(dialog);
    text->setFrameShape(QFrame::NoFrame);
    text->setHtml(QStringLiteral("<table width='100%'><tr><td width='50%'>%1%2</td>"
                                 "<td style='padding-left:16px'>%3</td></tr></table>")
                      .arg(table(tr("With the mouse"), kMouse, labels),
                           table(tr("In the window"), kWindowKeys, labels),
                           table(tr("In the timeline"), kTimelineKeys, labels)));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(new KeyPicture(keyCaps(labels), theme, dialog), 0, Qt::AlignHCenter);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    const QSize room = dialog->screen()->availableSize();
    dialog->resize(QSize(1000, 780).boundedTo(room - QSize(40, 60)));
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
