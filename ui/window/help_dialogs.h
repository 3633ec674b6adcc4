// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of keys and the about box.
#pragma once

#include "ui/theme/theme.h"

class QWidget;

namespace interleave::ui {

class KeyboardLabels;

/// The keyboard drawn as the user's is, and all keys and gestures in words.
void showKeys(QWidget* parent, const KeyboardLabels& labels, const Theme& theme);
void showAbout(QWidget* parent);

} // namespace interleave::ui
