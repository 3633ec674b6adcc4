// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/facts_table.h"

#include "ui/theme/text.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

namespace interleave::ui {

namespace {

constexpr int kFirstNumber = 2; // the columns before it are words
constexpr int kRowAirPx = 8;

} // namespace

FactsTable::FactsTable(QWidget* parent)
    : QTableWidget(parent) {
    setAccessibleName(tr("Facts of the models, measured"));
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setFrameShape(NoFrame);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowAirPx);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    auto* const action = new QAction(tr("&Copy table"), this);
    addAction(action);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(action, &QAction::triggered, this, &FactsTable::copy);
}

void FactsTable::setComparison(const analysis::Comparison& comparison) {
    clear();
    setRowCount(0);
    if (comparison.rows.empty()) {
        setColumnCount(0);
        return;
    }
    const analysis::TableLines lines = analysis::factsLines(comparison);
    setColumnCount(static_cast<int>(lines[0].size()));
    setRowCount(static_cast<int>(lines.size()) - 1);
    for (std::size_t line = 0; line < lines.size(); ++line) {
        for (std::size_t i = 0; i < lines[line].size(); ++i) {
            const auto column = static_cast<int>(i);
            auto* const item = new QTableWidgetItem(QString::fromStdString(lines[line][i]));
            const bool isNumber = column >= kFirstNumber;
            item->setTextAlignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
            if (line == 0) {
                setHorizontalHeaderItem(column, item);
            } else {
                setItem(static_cast<int>(line) - 1, column, item);
            }
        }
    }
    updateGeometry();
}

QString FactsTable::text() const {
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < columnCount(); ++column) {
        cells << horizontalHeaderItem(column)->text();
    }
    lines << cells.join(u'\t');
    const bool hasSelection = selectionModel()->hasSelection();
    for (int row = 0; row < rowCount(); ++row) {
        if (hasSelection && !selectionModel()->isRowSelected(row)) {
            continue;
        }
        cells.clear();
        for (int column = 0; column < columnCount(); ++column) {
            cells << item(row, column)->text();
        }
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n') + u'\n';
}

QSize FactsTable::sizeHint() const {
    int height = horizontalHeader()->sizeHint().height() + 4;
    for (int row = 0; row < rowCount(); ++row) {
        height += rowHeight(row);
    }
    return {QTableWidget::sizeHint().width(), height};
}

void FactsTable::copy() {
    QGuiApplication::clipboard()->setText(text());
}

void FactsTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    QTableWidget::keyPressEvent(event);
}

} // namespace interleave::ui
