// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/span_list_view.h"

#include "ui/panels/span_window_item_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <limits>

namespace interleave::ui {

namespace {

constexpr int kRowsPerNotch = 3;

int barValue(std::uint64_t row) {
    return static_cast<int>(std::min<std::uint64_t>(row, std::numeric_limits<int>::max() / 2));
}

} // namespace

SpanListView::SpanListView(QWidget* parent)
    : QTableView(parent)
    , m_model(new SpanWindowItemModel(this))
    , m_bar(new QScrollBar(Qt::Vertical)) {
    setModel(m_model);
    setAccessibleName(tr("Spans"));
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ContiguousSelection);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false); // Tab leaves the table
    setWordWrap(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    verticalHeader()->setFixedWidth(9 * digit);
    for (int column = 0; column < SpanWindowItemModel::kColumns; ++column) {
        setColumnWidth(column, SpanWindowItemModel::widthInDigits(column) * digit);
    }
    m_bar->setFocusPolicy(Qt::NoFocus);
    connect(m_bar, &QScrollBar::valueChanged, this, &SpanListView::updateWindow);
}

const SpanRows& SpanListView::rows() const {
    return m_model->rows();
}

void SpanListView::setRows(SpanRows rows) {
    // What is selected stays so where both ends of it are still listed.
    std::optional<SpanRef> current;
    std::optional<SpanRef> anchor;
    if (m_current && rows.recording() == this->rows().recording()) {
        current = this->rows().at(*m_current);
        anchor = this->rows().at(m_anchor);
    }
    m_model->setRows(std::move(rows));
    m_current = current ? this->rows().rowOf(*current) : std::nullopt;
    m_anchor = anchor ? this->rows().rowOf(*anchor).value_or(m_current.value_or(0)) : 0;
    updateWindow();
}

int SpanListView::rowsInSight() const {
    return std::max(1, viewport()->height() / verticalHeader()->defaultSectionSize());
}

void SpanListView::updateWindow() {
    const std::uint64_t size = rows().size();
    const auto sight = static_cast<std::uint64_t>(rowsInSight());
    {
        const QSignalBlocker blocker(m_bar);
        m_bar->setRange(0, size > sight ? barValue(size - sight) : 0);
        m_bar->setPageStep(static_cast<int>(sight));
        m_bar->setEnabled(size > sight);
    }
    const auto first = static_cast<std::uint64_t>(m_bar->value());
    m_model->setWindow(first, static_cast<int>(std::min(sight + 1, size - std::min(first, size))));
    QItemSelection selection;
    const auto [from, to] = selectedRows();
    const std::uint64_t end = first + static_cast<std::uint64_t>(m_model->rowCount());
    if (from < to && std::max(from, first) < std::min(to, end)) {
        selection.select(m_model->index(static_cast<int>(std::max(from, first) - first), 0),
                         m_model->index(static_cast<int>(std::min(to, end) - first) - 1,
                                        SpanWindowItemModel::kColumns - 1));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const bool isInSight = m_current && *m_current >= first && *m_current < end;
    selectionModel()->setCurrentIndex(
        isInSight ? m_model->index(static_cast<int>(*m_current - first), 0) : QModelIndex(),
        QItemSelectionModel::NoUpdate);
    verticalScrollBar()->setValue(0);
}

std::pair<std::uint64_t, std::uint64_t> SpanListView::selectedRows() const {
    if (!m_current) {
        return {0, 0};
    }
    return {std::min(m_anchor, *m_current), std::max(m_anchor, *m_current) + 1};
}

void SpanListView::scrollTo(std::uint64_t first) {
    m_bar->setValue(barValue(first));
    updateWindow();
}

void SpanListView::goTo(std::uint64_t row, bool isExtending) {
    if (rows().isEmpty()) {
        return;
    }
    m_current = std::min(row, rows().size() - 1);
    if (!isExtending) {
        m_anchor = *m_current;
    }
    const auto first = static_cast<std::uint64_t>(m_bar->value());
    const auto sight = static_cast<std::uint64_t>(rowsInSight());
    if (*m_current < first) {
        scrollTo(*m_current);
    } else if (*m_current >= first + sight) {
        scrollTo(*m_current - sight + 1);
    } else {
        updateWindow();
    }
}

void SpanListView::selectAll() {
    if (!rows().isEmpty()) {
        m_anchor = 0;
        m_current = rows().size() - 1;
        updateWindow();
    }
}

void SpanListView::choose(std::uint64_t row, bool isExtending) {
    goTo(row, isExtending);
    if (m_current && !isExtending) {
        Q_EMIT rowChosen(*m_current);
    }
}

void SpanListView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return;
    }
    const std::uint64_t now = m_current.value_or(0);
    const auto page = static_cast<std::uint64_t>(rowsInSight());
    const auto back = [now](std::uint64_t by) { return now > by ? now - by : 0; };
    std::uint64_t to = now;
    switch (event->key()) {
    case Qt::Key_Up:
        to = back(1);
        break;
    case Qt::Key_Down:
        to = m_current ? now + 1 : 0;
        break;
    case Qt::Key_PageUp:
        to = back(page);
        break;
    case Qt::Key_PageDown:
        to = now + page;
        break;
    case Qt::Key_Home:
        to = 0;
        break;
    case Qt::Key_End:
        to = rows().size();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current) {
            Q_EMIT rowActivated(*m_current);
        }
        return;
    default:
        QTableView::keyPressEvent(event);
        return;
    }
    choose(to, event->modifiers().testFlag(Qt::ShiftModifier));
}

std::optional<std::uint64_t> SpanListView::rowAtPoint(QPoint point) const {
    const int row = rowAt(point.y());
    if (row < 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(m_bar->value()) + static_cast<std::uint64_t>(row);
}

void SpanListView::mousePressEvent(QMouseEvent* event) {
    const auto row = rowAtPoint(event->position().toPoint());
    if (!row) {
        return;
    }
    if (event->button() == Qt::LeftButton) {
        choose(*row, event->modifiers().testFlag(Qt::ShiftModifier));
    } else if (event->button() == Qt::RightButton) { // the menu is about what is selected
        const auto [first, last] = selectedRows();
        if (*row < first || *row >= last) {
            choose(*row, false);
        }
    }
}

void SpanListView::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) {
        const int y = event->position().toPoint().y();
        const auto first = static_cast<std::uint64_t>(m_bar->value());
        if (y < 0 && first > 0) {
            goTo(first - 1, true);
        } else if (const auto row = rowAtPoint({0, std::min(y, viewport()->height() + 1)})) {
            goTo(*row, true);
        } else if (y >= viewport()->height()) {
            goTo(first + static_cast<std::uint64_t>(rowsInSight()), true);
        }
    }
}

void SpanListView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto row = rowAtPoint(event->position().toPoint())) {
        goTo(*row);
        Q_EMIT rowActivated(*row);
    }
}

void SpanListView::wheelEvent(QWheelEvent* event) {
    const int notches = event->angleDelta().y();
    if (notches == 0) {
        QTableView::wheelEvent(event);
        return;
    }
    m_bar->setValue(m_bar->value() - notches * kRowsPerNotch / 120);
    event->accept();
}

void SpanListView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    updateWindow();
}

} // namespace interleave::ui
