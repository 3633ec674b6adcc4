// SPDX-License-Identifier: GPL-3.0-or-later
// RunPane: heading and pages.
#include "ui/window/run_pane.h"

#include "ui/panels/breadcrumb.h"
#include "ui/panels/icons.h"
#include "ui/window/view_factory.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

QString factsOf(const RunEntry& entry) {
    QStringList facts;
    facts << (entry.recording ? QString::fromStdString(entry.recording->info.scenario)
                              : entry.setup.scenarioName);
    if (entry.recording) {
        const recording::RunInfo& info = entry.recording->info;
        if (info.workers > 0) {
            facts << counted(info.workers, RunPane::tr("worker"), RunPane::tr("workers"));
        }
        if (info.cores > 0) {
            facts << counted(info.cores, RunPane::tr("core"), RunPane::tr("cores"));
        }
        for (const auto& [key, value] : info.parameters) {
            facts << QString::fromStdString(key + " = " + value);
        }
        const std::string_view source = recording::nameOf(info.source);
        facts << QString::fromUtf8(source.data(), static_cast<qsizetype>(source.size()));
    }
    return facts.join(QStringLiteral("  ·  "));
}

} // namespace

RunPane::RunPane(QWidget* parent)
    : QWidget(parent)
    , m_heading(new QWidget(this))
    , m_model(new QLabel(m_heading))
    , m_facts(new QLabel(m_heading))
    , m_breadcrumb(new Breadcrumb(m_state, m_heading))
    , m_makespan(new QLabel(m_heading))
    , m_close(new QToolButton(m_heading))
    , m_pages(new QStackedWidget(this))
    , m_notice(new QLabel(this)) {
    buildHeading();
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setWordWrap(true);
    m_notice->setMargin(40);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setBackgroundRole(QPalette::Base);
    m_notice->setAutoFillBackground(true);
    m_pages->addWidget(m_notice);
    connect(&m_state, &ViewState::recordingChanged, this, [this] {
        if (m_state.recording() && m_state.marks().isEmpty()) {
            Q_EMIT marksWanted();
        }
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_heading);
    column->addWidget(m_pages, 1);
}

void RunPane::buildHeading() {
    QFont bold = m_model->font();
    bold.setBold(true);
    m_model->setFont(bold);
    m_makespan->setFont(bold);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (QLabel* label : {m_model, m_facts, m_makespan}) {
        label->setTextFormat(Qt::PlainText);
    }
    m_close->setIcon(iconNamed(QStringLiteral("close")));
    m_close->setIconSize({12, 12});
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("No longer stack this run"));
    m_close->setAccessibleName(m_close->toolTip());
    m_close->hide();
    connect(m_close, &QToolButton::clicked, this, [this] { Q_EMIT closeRequested(m_run); });
    auto* row = new QHBoxLayout(m_heading);
    row->setContentsMargins(10, 1, 6, 1);
    row->setSpacing(10);
    row->addWidget(m_model);
    row->addWidget(m_facts, 1);
    row->addWidget(m_breadcrumb);
    row->addWidget(m_makespan);
    row->addWidget(m_close);
}

void RunPane::setRun(const RunEntry& entry) {
    m_run = entry.id;
    m_hasFailed = entry.state == RunState::Failed && !entry.recording;
    if (entry.recording != m_state.recording()) {
        m_state.setRecording(entry.recording);
    }
    updateHeading(entry);
    m_notice->setText(m_hasFailed ? entry.message
                      : entry.state == RunState::Waiting
                          ? tr("This run waits for the one before it.")
                          : tr("The run is starting: the machine is calibrated, and the first "
                               "events are on their way."));
    updatePage();
}

void RunPane::updateHeading(const RunEntry& entry) {
    const QString facts = factsOf(entry);
    m_model->setText(entry.setup.model);
    m_facts->setText(facts);
    m_facts->setToolTip(facts);
    const QString text = stateText(entry);
    m_makespan->setText(entry.state == RunState::Running ? tr("● live  %1").arg(text) : text);
    m_heading->setAccessibleName(entry.setup.model + QStringLiteral(", ") + facts + ", " + text);
}

void RunPane::setView(ViewKind view) {
    m_view = view;
    updatePage();
}

void RunPane::updatePage() {
    if (m_state.recording() == nullptr || m_view == ViewKind::Compare) {
        m_pages->setCurrentWidget(m_notice);
        return;
    }
    QWidget*& view = m_views[static_cast<std::size_t>(m_view)];
    if (view == nullptr) {
        view = makeRunView(m_view, m_state, m_pages);
        m_pages->addWidget(view);
        interleave::ui::setOverviewVisible(*view, m_hasOverview);
        for (QScrollBar* bar : view->findChildren<QScrollBar*>()) {
            bar->installEventFilter(this);
        }
    }
    m_pages->setCurrentWidget(view);
    Q_EMIT scrollBarChanged();
}

bool RunPane::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide) {
        Q_EMIT scrollBarChanged();
    }
    return QWidget::eventFilter(watched, event);
}

int RunPane::scrollBarPx() const {
    for (const QScrollBar* bar : m_pages->currentWidget()->findChildren<QScrollBar*>()) {
        if (bar->orientation() == Qt::Vertical && bar->isVisible()) {
            return bar->width();
        }
    }
    return 0;
}

void RunPane::setRightPaddingPx(int widthPx) {
    m_pages->setContentsMargins(0, 0, widthPx, 0);
}

void RunPane::setTheme(ThemeKind theme) {
    m_state.setTheme(theme);
}

void RunPane::setClosable(bool isClosable) {
    m_close->setVisible(isClosable);
}

void RunPane::setOverviewVisible(bool isVisible) {
    m_hasOverview = isVisible;
    m_breadcrumb->setVisible(isVisible); // stacked panes share their range
    for (QWidget* view : m_views) {
        if (view != nullptr) {
            interleave::ui::setOverviewVisible(*view, isVisible);
        }
    }
}

QWidget* RunPane::view() const {
    return m_pages->currentWidget();
}

void RunPane::focusView() {
    m_pages->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

} // namespace interleave::ui
