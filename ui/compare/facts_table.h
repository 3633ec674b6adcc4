// SPDX-License-Identifier: GPL-3.0-or-later
// What textbooks say of the models, as the runs just made measured it: the rows of `compare
// --facts`, to read and to copy.
#pragma once

#include "engine/analysis/comparison.h"

#include <QTableWidget>

namespace interleave::ui {

class FactsTable : public QTableWidget {
    Q_OBJECT

public:
    explicit FactsTable(QWidget* parent = nullptr);

    void setComparison(const analysis::Comparison& comparison);
    /// The selected rows, or all, under their headings, with tabs between the columns: what
    /// spreadsheets and word processors take for a table.
    QString text() const;
    QSize sizeHint() const override;

public Q_SLOTS:
    void copy();

protected:
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace interleave::ui
