// SPDX-License-Identifier: GPL-3.0-or-later
// The comparison as the window shows it: the picture, and under it on demand the table of facts.
#pragma once

#include "ui/compare/compare_view.h"

#include <QSplitter>

class QPushButton;

namespace interleave::ui {

class FactsTable;

class ComparePage : public QSplitter {
    Q_OBJECT

public:
    explicit ComparePage(ViewState& state, QWidget* parent = nullptr);

    CompareView& view() { return *m_view; }
    FactsTable& facts() { return *m_facts; }
    void setFactsShown(bool isShown);

private:
    CompareView* m_view;
    FactsTable* m_facts;
    QPushButton* m_showFacts;
};

} // namespace interleave::ui
