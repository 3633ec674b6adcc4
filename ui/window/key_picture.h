// SPDX-License-Identifier: GPL-3.0-or-later
// KeyPicture: the keyboard drawn, with what each key does in the timeline. The caps bear what the
// user's own keyboard types there.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

namespace interleave::ui {

class KeyboardLabels;

/// What a family of keys is for; each has a colour.
enum class KeyGroup : std::uint8_t { None, Move, Select, Mark, Window };

struct KeyCap {
    QRectF place; // in units of a key
    QString label;
    QString effect; // two short lines at most; empty: not used
    KeyGroup group = KeyGroup::None;
};

/// The main block, the row of function keys and the block of arrows.
std::vector<KeyCap> keyCaps(const KeyboardLabels& labels);

class KeyPicture : public QWidget {
    Q_OBJECT

public:
    KeyPicture(std::vector<KeyCap> caps, Theme theme, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<KeyCap> m_caps;
    Theme m_theme;
};

} // namespace interleave::ui
