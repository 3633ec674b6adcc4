// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_page.h"

#include "ui/compare/facts_table.h"
#include "ui/theme/text.h"

#include <QPushButton>

#include <algorithm>

namespace interleave::ui {

ComparePage::ComparePage(ViewState& state, QWidget* parent)
    : QSplitter(Qt::Vertical, parent)
    , m_view(new CompareView(state, this))
    , m_facts(new FactsTable(this))
    , m_showFacts(new QPushButton(tr("&Facts table"), m_view)) {
    addWidget(m_view);
    addWidget(m_facts);
    setStretchFactor(0, 1);
    setChildrenCollapsible(false);
    m_facts->hide();
    m_showFacts->setCheckable(true);
    m_showFacts->setToolTip(tr("Who decides the switch, processors, processes, threads, memory and "
                               "overhead per task of each model, as measured"));
    m_view->addToBar(m_showFacts);
    connect(m_showFacts, &QPushButton::toggled, this, &ComparePage::setFactsShown);
    connect(m_view, &CompareView::modelChanged, this,
            [this] { m_facts->setComparison(m_view->model().comparison); });
}

void ComparePage::setFactsShown(bool isShown) {
    m_showFacts->setChecked(isShown);
    m_facts->setVisible(isShown);
    if (isShown) { // all of it, but not more than the picture
        const int wanted = std::min(m_facts->sizeHint().height(), height() / 2);
        setSizes({height() - wanted, wanted});
    }
}

} // namespace interleave::ui
