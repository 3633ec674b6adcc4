// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of keys and the about box.
#pragma once

class QWidget;

namespace interleave::ui {

void showKeys(QWidget* parent);
void showAbout(QWidget* parent);

} // namespace interleave::ui
