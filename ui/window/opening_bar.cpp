// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/opening_bar.h"

#include "ui/window/file_opener.h"

#include <QFileInfo>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace interleave::ui {

namespace {

constexpr int kTickMs = 50;
constexpr int kNameWidth = 260;

} // namespace

OpeningBar::OpeningBar(FileOpener& opener, QWidget* parent)
    : QWidget(parent)
    , m_opener(opener)
    , m_file(new QLabel)
    , m_progress(new QProgressBar)
    , m_cancel(new QToolButton) {
    m_file->setTextFormat(Qt::PlainText);
    m_progress->setRange(0, 100);
    m_progress->setFixedSize(140, 12);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of opening the trace"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAutoRaise(true);
    m_cancel->setToolTip(tr("Stop reading the trace"));
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        m_opener.cancel();
        refresh();
    });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_file);
    row->addWidget(m_progress, 0, Qt::AlignVCenter);
    row->addWidget(m_cancel);
    hide();
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &OpeningBar::refresh);
    connect(&m_opener, &FileOpener::busyChanged, this, &OpeningBar::follow);
}

void OpeningBar::follow() {
    if (m_opener.progress() && !m_timer.isActive()) {
        m_ticks = 0;
        m_timer.start();
    } else if (!m_opener.progress()) {
        refresh();
    }
}

void OpeningBar::refresh() {
    const auto progress = m_opener.progress();
    if (!progress) {
        m_timer.stop();
        hide();
        return;
    }
    const QString name = QFileInfo(progress->file).fileName();
    const QString text = progress->count == 1 ? tr("Opening %1").arg(name)
                                              : tr("Opening %1 traces").arg(progress->count);
    m_file->setText(m_file->fontMetrics().elidedText(text, Qt::ElideMiddle, kNameWidth));
    m_file->setToolTip(progress->file);
    m_progress->setValue(progress->percent);
    m_progress->setToolTip(tr("%1 %").arg(progress->percent));
    if (++m_ticks * kTickMs >= kPatienceMs) {
        show();
    }
}

} // namespace interleave::ui
