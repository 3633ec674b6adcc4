// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/spans_table.h"

#include "ui/panels/span_list_view.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kDelayMs = 120;
constexpr std::uint64_t kMostCopiedRows = 1'000'000; // some 80 MB of text

} // namespace

SpansTable::SpansTable(QWidget* parent)
    : QWidget(parent)
    , m_list(new SpanListView)
    , m_summary(new QLabel)
    , m_onlySelected(new QCheckBox(tr("&Only the selected span's row"))) {
    auto* head = new QHBoxLayout;
    buildHead(*head);
    auto* rows = new QHBoxLayout;
    rows->setSpacing(0);
    rows->addWidget(m_list, 1);
    rows->addWidget(m_list->rowBar());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(rows, 1);
    setFocusProxy(m_list);
    m_list->installEventFilter(this);
    m_list->viewport()->installEventFilter(this);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &SpansTable::refresh);
    connect(m_onlySelected, &QCheckBox::toggled, this, &SpansTable::refresh);
    connect(m_list, &SpanListView::copyRequested, this, [this] { copy(TableFormat::Tabs); });
    connect(m_list, &SpanListView::rowChosen, this, [this](quint64 row) {
        m_isChoosing = true;
        const SpanRef span = m_list->rows().at(row);
        m_state->setSelectedSpan(span);
        m_state->reveal(span);
        m_isChoosing = false;
    });
    connect(m_list, &SpanListView::rowActivated, this, [this](quint64 row) {
        const SpanRef span = m_list->rows().at(row);
        m_state->setSelectedSpan(span);
        m_state->reveal(span);
        m_state->zoomTo(m_state->selectedSpanValue()->range);
    });
}

void SpansTable::buildHead(QBoxLayout& layout) {
    layout.setContentsMargins(10, 0, 6, 0);
    layout.setSpacing(12);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* copyButton = new QToolButton;
    copyButton->setText(tr("&Copy"));
    copyButton->setAutoRaise(true);
    copyButton->setPopupMode(QToolButton::MenuButtonPopup);
    copyButton->setToolTip(tr("Copy the selected rows, with headers, as a table (Ctrl+C)"));
    auto* menu = new QMenu(copyButton);
    menu->addAction(tr("As &table (tabs)"), this, [this] { copy(TableFormat::Tabs); });
    menu->addAction(tr("As &CSV (commas)"), this, [this] { copy(TableFormat::Commas); });
    copyButton->setMenu(menu);
    connect(copyButton, &QToolButton::clicked, this, [this] { copy(TableFormat::Tabs); });
    layout.addWidget(m_summary, 1);
    layout.addWidget(m_onlySelected);
    layout.addWidget(copyButton);
}

void SpansTable::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        const auto later = [this] { m_timer.start(); };
        connect(m_state, &ViewState::recordingChanged, this, &SpansTable::refresh);
        connect(m_state, &ViewState::selectedRangeChanged, this, later);
        connect(m_state, &ViewState::visibleChanged, this, later);
        connect(m_state, &ViewState::groupingChanged, this, later);
        connect(m_state, &ViewState::tracksChanged, this, later);
        connect(m_state, &ViewState::selectedSpanChanged, this, &SpansTable::followSelection);
    }
    refresh();
}

void SpansTable::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
    followSelection();
}

void SpansTable::refresh() {
    if (!m_state || !m_state->recording()) {
        m_list->setRows({});
        m_summary->clear();
        return;
    }
    if (!isVisible()) {
        m_list->setRows({}); // nor keeps it a recording alive that nobody looks at
        return;
    }
    const bool isSelected = m_state->selectedRange().has_value();
    const TimeRange range = isSelected ? *m_state->selectedRange() : m_state->visible();
    std::optional<TrackId> only;
    if (m_onlySelected->isChecked() && m_state->selectedSpan()) {
        only = m_state->selectedSpan()->track;
    }
    m_list->setRows(
        SpanRows(m_state->recording(), m_state->grouping(), m_state->tracks(), range, only));
    m_summary->setText(
        (isSelected ? tr("%1 in the selected range, %2") : tr("%1 in the visible range, %2"))
            .arg(spanCountText(m_list->rows().size()), durationText(range.durationNs())));
    followSelection();
}

void SpansTable::followSelection() {
    if (!isVisible() || m_isChoosing || !m_state || !m_state->selectedSpan()) {
        return;
    }
    if (m_onlySelected->isChecked() && !m_list->rows().isEmpty() &&
        m_list->rows().at(0).track != m_state->selectedSpan()->track) {
        m_timer.start();
        return;
    }
    if (const auto row = m_list->rows().rowOf(*m_state->selectedSpan());
        row && row != m_list->currentRow()) {
        m_list->goTo(*row);
    }
}

void SpansTable::copy(TableFormat format) {
    const SpanRows& rows = m_list->rows();
    if (rows.isEmpty()) {
        return;
    }
    auto [first, last] = m_list->selectedRows();
    if (last - first <= 1) {
        first = 0;
        last = rows.size();
    }
    const bool isCut = last - first > kMostCopiedRows;
    last = std::min(last, first + kMostCopiedRows);
    const QByteArray text = spanTable(rows, first, last, format);
    auto* copied = new QMimeData;
    copied->setText(QString::fromUtf8(text));
    if (format == TableFormat::Commas) {
        copied->setData(QStringLiteral("text/csv"), text);
    }
    QApplication::clipboard()->setMimeData(copied);
    say(isCut ? tr("The first %1 were copied; File > Export spans writes all of them.")
                    .arg(spanCountText(last - first))
              : tr("%1 copied.").arg(spanCountText(last - first)));
}

void SpansTable::say(const QString& text) {
    m_summary->setText(text);
}

void SpansTable::showMenu(QPoint globalPoint) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy as table"), this, [this] { copy(TableFormat::Tabs); })
        ->setShortcut(QKeySequence::Copy);
    menu->addAction(tr("Copy as C&SV"), this, [this] { copy(TableFormat::Commas); });
    menu->addAction(tr("Select &all"), m_list, &SpanListView::selectAll)
        ->setShortcut(QKeySequence::SelectAll);
    menu->popup(globalPoint);
}

bool SpansTable::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ContextMenu && m_state) {
        showMenu(static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
