// SPDX-License-Identifier: GPL-3.0-or-later
// ThemeChoice: light or dark as the desktop is, or as the user says; remembered. Gives the whole
// application its palette.
#pragma once

#include "ui/theme/theme.h"

#include <QObject>

namespace interleave::ui {

class ThemeChoice : public QObject {
    Q_OBJECT

public:
    enum class Wish { System, Light, Dark };

    explicit ThemeChoice(QObject* parent = nullptr);

    Wish wish() const { return m_wish; }
    ThemeKind kind() const { return m_kind; }
    void setWish(Wish wish);

Q_SIGNALS:
    void kindChanged(interleave::ui::ThemeKind kind);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();

    Wish m_wish;
    ThemeKind m_kind = ThemeKind::Light;
    bool m_isApplying = false;
};

} // namespace interleave::ui
