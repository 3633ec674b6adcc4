// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/facts_table.h"

#include "tests/ui/compare/compare_runs.h"
#include "ui/compare/compare_page.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QTest>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

TEST(FactsTable, HasTheRowsOfTheCommandLine) {
    const CompareModel model = compareModelOf(repeatedRuns());
    const analysis::TableLines lines = analysis::factsLines(model.comparison);
    FactsTable table;
    table.setComparison(model.comparison);
    ASSERT_EQ(table.rowCount(), static_cast<int>(lines.size()) - 1);
    for (int row = 0; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            EXPECT_EQ(table.item(row, column)->text().toStdString(),
                      lines[static_cast<std::size_t>(row) + 1][static_cast<std::size_t>(column)]);
        }
    }
}

TEST(FactsTable, IsCopiedAsATableWithItsHeadings) {
    FactsTable table;
    table.setComparison(compareModelOf(repeatedRuns()).comparison);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 3);
    EXPECT_TRUE(lines[0].startsWith(QStringLiteral("model\twho decides the switch\t")));
    EXPECT_EQ(lines[1].count(u'\t'), lines[0].count(u'\t'));
    EXPECT_TRUE(lines[2].startsWith(QStringLiteral("threads")));
    table.selectRow(1);
    table.copy();
    EXPECT_EQ(QGuiApplication::clipboard()->text().count(u'\n'), 2); // headings and one row
}

TEST(ComparePage, ShowsTheFactsOnDemand) {
    ViewState state;
    ComparePage page(state);
    page.resize(1280, 800);
    page.view().setRecordings(repeatedRuns());
    page.show();
    EXPECT_FALSE(page.facts().isVisible());
    auto* const button = page.findChild<QPushButton*>();
    ASSERT_NE(button, nullptr);
    button->click();
    EXPECT_TRUE(page.facts().isVisible());
    EXPECT_EQ(page.facts().rowCount(), 2);
    EXPECT_GE(page.facts().height(), page.facts().sizeHint().height() - 2);
    button->click();
    EXPECT_FALSE(page.facts().isVisible());
}

} // namespace
} // namespace interleave::ui
