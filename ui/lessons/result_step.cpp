// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/result_step.h"

#include "ui/lessons/lesson_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kResultMarginPx = 12;

} // namespace

ResultStep::ResultStep(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_progress(new QProgressBar)
    , m_stop(new QPushButton(tr("&Stop")))
    , m_running(new QWidget)
    , m_text(new LessonText(tr("Result of the lesson"))) {
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_progress->setAccessibleName(tr("Runs made"));
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_progress, 1);
    bar->addWidget(m_stop);
    auto* running = new QVBoxLayout(m_running);
    running->setContentsMargins(kResultMarginPx, kResultMarginPx, kResultMarginPx, 0);
    running->addWidget(m_title);
    running->addLayout(bar);
    running->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_running);
    column->addWidget(m_text, 1);
    setFocusProxy(m_text);
    connect(m_stop, &QPushButton::clicked, this, &ResultStep::stopRequested);
}

void ResultStep::showProgress(const QString& title, int done, int total) {
    m_title->setText(title);
    m_progress->setRange(0, total); // a bar that moves by itself would disturb what is measured
    m_progress->setValue(done);
    m_progress->setFormat(tr("%v of %m runs"));
    m_running->show();
    m_text->hide();
    setButtons({});
}

void ResultStep::showFailure(const QString& sentence) {
    m_running->hide();
    m_text->show();
    m_text->setPlainText(sentence);
    setButtons({});
}

void ResultStep::showResult(const QString& html, const QStringList& runs) {
    m_running->hide();
    m_text->show();
    m_text->setHtml(html);
    setButtons(runs);
}

/// What the views show is chosen here: one run, or all of them.
void ResultStep::setButtons(const QStringList& runs) {
    delete m_buttons;
    m_buttons = nullptr;
    if (runs.isEmpty()) {
        return;
    }
    m_buttons = new QWidget;
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(kResultMarginPx, 4, kResultMarginPx, 4);
    auto* choose = new QPushButton(tr("Sho&w a run"));
    choose->setObjectName(QStringLiteral("showRun"));
    auto* menu = new QMenu(choose);
    for (int i = 0; i < runs.size(); ++i) {
        QString title = runs[i];
        QAction* action = menu->addAction(title.replace('&', QLatin1String("&&")));
        connect(action, &QAction::triggered, this, [this, i] { Q_EMIT runChosen(i); });
    }
    choose->setMenu(menu);
    auto* compare = new QPushButton(tr("&Compare them"));
    compare->setObjectName(QStringLiteral("compareRuns"));
    compare->setVisible(runs.size() > 1);
    connect(compare, &QPushButton::clicked, this, &ResultStep::compareRequested);
    row->addWidget(choose);
    row->addWidget(compare);
    row->addStretch(1);
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, m_buttons);
}

} // namespace interleave::ui
