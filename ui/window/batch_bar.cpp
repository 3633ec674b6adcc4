// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/batch_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>

namespace interleave::ui {

BatchBar::BatchBar(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLabel)
    , m_progress(new QProgressBar) {
    m_text->setTextFormat(Qt::PlainText);
    m_progress->setFixedSize(140, 12);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the runs"));
    auto* cancel = new QToolButton;
    cancel->setObjectName(QStringLiteral("cancelBatch"));
    cancel->setText(tr("Cancel"));
    cancel->setAutoRaise(true);
    cancel->setToolTip(tr("Stop this run and drop those that are still to come"));
    connect(cancel, &QToolButton::clicked, this, &BatchBar::cancelRequested);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_progress, 0, Qt::AlignVCenter);
    row->addWidget(m_text);
    row->addWidget(cancel);
    hide();
}

void BatchBar::begin(std::vector<RunId> runs, int models) {
    m_runs = std::move(runs);
    m_models = std::max(models, 1);
    m_progress->setRange(0, static_cast<int>(m_runs.size()));
    m_progress->setValue(0);
    m_text->clear();
    setVisible(isActive());
}

void BatchBar::showRun(RunId run, const QString& model) {
    const auto place = std::ranges::find(m_runs, run);
    if (place == m_runs.end()) {
        return;
    }
    const int index = static_cast<int>(place - m_runs.begin());
    const int rounds = static_cast<int>(m_runs.size()) / m_models;
    QString text = tr("%1: model %2 of %3").arg(model).arg(index % m_models + 1).arg(m_models);
    if (rounds > 1) {
        text += tr(", round %1 of %2").arg(index / m_models + 1).arg(rounds);
    }
    m_text->setText(text);
    m_progress->setValue(index);
}

void BatchBar::end() {
    m_runs.clear();
    hide();
}

bool BatchBar::contains(RunId run) const {
    return std::ranges::find(m_runs, run) != m_runs.end();
}

QString BatchBar::text() const {
    return m_text->text();
}

} // namespace interleave::ui
