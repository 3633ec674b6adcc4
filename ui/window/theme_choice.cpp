// SPDX-License-Identifier: GPL-3.0-or-later
// ThemeChoice: Qt 6.4 can't be asked for the desktop's scheme, so our palette is taken off for a
// moment to see the one beneath.
#include "ui/window/theme_choice.h"

#include <QApplication>
#include <QEvent>
#include <QSettings>

namespace interleave::ui {

namespace {

const QString kThemeKey = QStringLiteral("theme");

QString nameOf(ThemeChoice::Wish wish) {
    switch (wish) {
    case ThemeChoice::Wish::Light:
        return QStringLiteral("light");
    case ThemeChoice::Wish::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::Wish::System:
        break;
    }
    return QStringLiteral("system");
}

ThemeChoice::Wish savedWish() {
    const QString saved = QSettings().value(kThemeKey).toString();
    for (const auto wish : {ThemeChoice::Wish::Light, ThemeChoice::Wish::Dark}) {
        if (saved == nameOf(wish)) {
            return wish;
        }
    }
    return ThemeChoice::Wish::System;
}

} // namespace

ThemeChoice::ThemeChoice(QObject* parent)
    : QObject(parent)
    , m_wish(savedWish()) {
    apply();
    qApp->installEventFilter(this);
}

void ThemeChoice::setWish(Wish wish) {
    m_wish = wish;
    QSettings().setValue(kThemeKey, nameOf(wish));
    apply();
}

void ThemeChoice::apply() {
    m_isApplying = true;
    if (m_wish == Wish::System) {
        QApplication::setPalette(QPalette());
        m_kind = systemThemeKind(QApplication::palette());
    } else {
        m_kind = m_wish == Wish::Dark ? ThemeKind::Dark : ThemeKind::Light;
    }
    QApplication::setPalette(applicationPalette(themeOf(m_kind)));
    m_isApplying = false;
    Q_EMIT kindChanged(m_kind);
}

bool ThemeChoice::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ThemeChange && !m_isApplying && m_wish == Wish::System) {
        apply();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace interleave::ui
