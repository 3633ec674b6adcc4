// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/breadcrumb.h"

#include "ui/panels/search_hits_model.h"
#include "ui/theme/text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace interleave::ui {

namespace {

constexpr std::size_t kMostCrumbs = 5; // of a longer way the inner ones are left out

} // namespace

Breadcrumb::Breadcrumb(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_row(new QHBoxLayout(this)) {
    setAccessibleName(tr("Way to the visible range"));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    connect(&state, &ViewState::visibleChanged, this, &Breadcrumb::refresh);
    connect(&state, &ViewState::historyChanged, this, &Breadcrumb::refresh);
    connect(&state, &ViewState::recordingChanged, this, &Breadcrumb::refresh);
    refresh();
}

void Breadcrumb::addCrumb() {
    if (!m_buttons.empty()) {
        auto* separator = new QLabel(QStringLiteral("›"), this);
        separator->setForegroundRole(QPalette::PlaceholderText);
        m_row->addWidget(separator);
        m_separators.push_back(separator);
    }
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    const std::size_t index = m_buttons.size();
    connect(button, &QToolButton::clicked, this, [this, index] {
        if (index < m_trail.size()) {
            m_state.setVisible(m_trail[index]);
        }
    });
    m_row->addWidget(button);
    m_buttons.push_back(button);
}

void Breadcrumb::refresh() {
    m_trail = m_state.recording() ? m_state.trail() : std::vector<TimeRange>{};
    if (m_trail.size() > kMostCrumbs) { // the whole, then the last ones
        m_trail.erase(m_trail.begin() + 1,
                      m_trail.end() - static_cast<std::ptrdiff_t>(kMostCrumbs - 1));
    }
    while (m_buttons.size() < m_trail.size()) {
        addCrumb();
    }
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const bool isShown = i < m_trail.size();
        m_buttons[i]->setVisible(isShown);
        if (i > 0) {
            m_separators[i - 1]->setVisible(isShown);
        }
        if (!isShown) {
            continue;
        }
        const bool isLast = i + 1 == m_trail.size();
        // A whole run is as long as it is: the air that its view has at the right is not part.
        const QString text = i == 0 ? tr("Full %1").arg(durationText(m_state.extent().durationNs()))
                                    : durationText(m_trail[i].durationNs());
        const QString tip =
            tr("%1 to %2").arg(momentText(m_trail[i].beginNs), momentText(m_trail[i].endNs));
        m_buttons[i]->setText(text);
        m_buttons[i]->setToolTip(tip);
        m_buttons[i]->setAccessibleName(isLast ? tr("%1, in sight").arg(text)
                                               : tr("Back to %1").arg(text));
        QFont font = this->font();
        font.setBold(isLast && i > 0);
        m_buttons[i]->setFont(font);
    }
}

bool Breadcrumb::event(QEvent* event) {
    if (event->type() == QEvent::FontChange) {
        refresh();
    }
    return QWidget::event(event);
}

QStringList Breadcrumb::texts() const {
    QStringList texts;
    for (std::size_t i = 0; i < m_trail.size(); ++i) {
        texts << m_buttons[i]->text();
    }
    return texts;
}

QToolButton& Breadcrumb::button(int index) const {
    return *m_buttons.at(static_cast<std::size_t>(index));
}

} // namespace interleave::ui
