// SPDX-License-Identifier: GPL-3.0-or-later
// ScenarioCard: painted by hand, since a button can't wrap its text.
#include "ui/panels/scenario_card.h"

#include "ui/panels/icons.h"
#include "ui/panels/setup_panel.h"
#include "ui/theme/contrast.h"

#include <QPainter>
#include <QPainterPath>

namespace interleave::ui {

namespace {

constexpr int kCardPaddingPx = 14;
constexpr int kCardGapPx = 6;
constexpr int kPreferredWidthPx = 260;
constexpr qreal kRadiusPx = 6;
constexpr int kModelIconPx = 16;

QFont titleFont(const QFont& base) {
    QFont font = base;
    font.setBold(true);
    font.setPointSizeF(base.pointSizeF() * 1.1);
    return font;
}

} // namespace

ScenarioCard::ScenarioCard(const scenario::Scenario& scenario, QWidget* parent)
    : QAbstractButton(parent)
    , m_reference(referenceOf(scenario))
    , m_title(QString::fromStdString(scenario.name))
    , m_about(QString::fromStdString(scenario.about))
    , m_facts(factsOf(scenario)) {
    initialise();
}

ScenarioCard::ScenarioCard(const program::ExampleProgram& program, QWidget* parent)
    : QAbstractButton(parent)
    , m_reference(QString::fromStdString(program.file.string()))
    , m_title(QString::fromStdString(program.title))
    , m_about(QString::fromStdString(program.about))
    , m_facts(QString::fromStdString(program.file.filename().string())) {
    initialise();
}

void ScenarioCard::initialise() {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setAccessibleName(tr("Run the example %1").arg(m_title));
    setAccessibleDescription(m_about);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QSize ScenarioCard::sizeHint() const {
    return {kPreferredWidthPx, heightForWidth(kPreferredWidthPx)};
}

int ScenarioCard::heightForWidth(int width) const {
    const int textWidth = width - 2 * kCardPaddingPx;
    const int title = QFontMetrics(titleFont(font())).lineSpacing();
    const int about =
        fontMetrics().boundingRect(0, 0, textWidth, 10'000, Qt::TextWordWrap, m_about).height();
    return 2 * kCardPaddingPx + title + kCardGapPx + about + kCardGapPx +
           fontMetrics().lineSpacing();
}

void ScenarioCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor accent = palette().color(QPalette::Highlight);
    const QColor base = palette().color(QPalette::Base);
    const QColor text = palette().color(QPalette::Text);
    const bool isHot = underMouse() || hasFocus();
    painter.setBrush(isDown() ? mixed(base, accent, 0.16)
                     : isHot  ? mixed(base, accent, 0.07)
                              : base);
    painter.setPen(QPen(isHot ? accent : mixed(base, text, 0.22), hasFocus() ? 2 : 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadiusPx, kRadiusPx);

    QRect area = rect().adjusted(kCardPaddingPx, kCardPaddingPx, -kCardPaddingPx, -kCardPaddingPx);
    painter.setPen(text);
    painter.setFont(titleFont(font()));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(m_title, Qt::ElideRight,
                                                      area.width() - kModelIconPx - kCardGapPx));
    iconNamed(QStringLiteral("run"), isHot ? accent : palette().color(QPalette::PlaceholderText))
        .paint(&painter,
               QRect(area.right() - kModelIconPx, area.top() + 1, kModelIconPx, kModelIconPx));
    area.setTop(area.top() + painter.fontMetrics().lineSpacing() + kCardGapPx);
    painter.setFont(font());
    painter.drawText(area, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_about);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignBottom | Qt::TextSingleLine, m_facts);
}

void ScenarioCard::enterEvent(QEnterEvent*) {
    update();
}

void ScenarioCard::leaveEvent(QEvent*) {
    update();
}

} // namespace interleave::ui
