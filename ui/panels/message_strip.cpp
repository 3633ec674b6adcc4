// SPDX-License-Identifier: GPL-3.0-or-later
// MessageStrip: a row for each message, in the colours of its kind and with its icon, so that
// colour is not the only sign.
#include "ui/panels/message_strip.h"

#include "ui/panels/icons.h"
#include "ui/theme/contrast.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kMostMessages = 3;
constexpr int kIconPx = 16;

} // namespace

class MessageStrip::Row : public QFrame {
public:
    Row(MessageKind kind, const QString& sentence, MessageStrip& strip)
        : QFrame(&strip)
        , m_kind(kind)
        , m_icon(new QLabel(this))
        , m_text(new QLabel(sentence, this)) {
        m_text->setWordWrap(true);
        m_text->setTextFormat(Qt::PlainText);
        m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_text->setFocusPolicy(Qt::NoFocus);
        setAccessibleName(sentence);
        auto* copy = new QToolButton(this);
        copy->setText(tr("Copy"));
        copy->setAutoRaise(true);
        copy->setToolTip(tr("Copy the message"));
        connect(copy, &QToolButton::clicked, this,
                [this] { QApplication::clipboard()->setText(m_text->text()); });
        auto* close = new QToolButton(this);
        close->setIcon(iconNamed(QStringLiteral("close")));
        close->setAutoRaise(true);
        close->setToolTip(tr("Dismiss"));
        close->setAccessibleName(tr("Dismiss the message"));
        connect(close, &QToolButton::clicked, this, [this, &strip] { strip.remove(this); });
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(10, 4, 6, 4);
        layout->addWidget(m_icon);
        layout->addWidget(m_text, 1);
        layout->addWidget(copy);
        layout->addWidget(close);
        setAutoFillBackground(true);
    }

    void setTheme(const Theme& theme) {
        const QColor sign = m_kind == MessageKind::Error     ? theme.error
                            : m_kind == MessageKind::Warning ? theme.warning
                                                             : theme.accent;
        QPalette colours = palette();
        colours.setColor(QPalette::Window, mixed(theme.panel, sign, 0.16));
        colours.setColor(QPalette::WindowText, theme.text);
        setPalette(colours);
        const QString icon = m_kind == MessageKind::Error     ? QStringLiteral("error")
                             : m_kind == MessageKind::Warning ? QStringLiteral("warning")
                                                              : QStringLiteral("note");
        m_icon->setPixmap(
            iconNamed(icon, sign).pixmap(QSize(kIconPx, kIconPx), devicePixelRatioF()));
    }

    QString sentence() const { return m_text->text(); }

private:
    MessageKind m_kind;
    QLabel* m_icon;
    QLabel* m_text;
};

MessageStrip::MessageStrip(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_theme(themeOf(ThemeKind::Light)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(1);
    setAccessibleName(tr("Messages"));
    setVisible(false);
}

void MessageStrip::show(MessageKind kind, const QString& sentence) {
    if (!m_rows.isEmpty() && m_rows.first()->sentence() == sentence) {
        return; // said already
    }
    while (m_rows.size() >= kMostMessages) {
        remove(m_rows.last());
    }
    auto* row = new Row(kind, sentence, *this);
    row->setTheme(m_theme);
    m_rows.prepend(row);
    m_layout->insertWidget(0, row);
    setVisible(true);
    QAccessibleEvent event(row, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageStrip::remove(Row* row) {
    m_rows.removeOne(row);
    m_layout->removeWidget(row);
    row->hide();
    row->deleteLater();
    setVisible(!m_rows.isEmpty());
}

void MessageStrip::dismissAll() {
    while (!m_rows.isEmpty()) {
        remove(m_rows.last());
    }
}

QStringList MessageStrip::sentences() const {
    QStringList result;
    for (const Row* row : m_rows) {
        result << row->sentence();
    }
    return result;
}

void MessageStrip::setTheme(const Theme& theme) {
    m_theme = theme;
    for (Row* row : m_rows) {
        row->setTheme(theme);
    }
}

} // namespace interleave::ui
