// SPDX-License-Identifier: GPL-3.0-or-later
// The program's own icons: one-colour drawings that take the colour of the text around them, sharp
// at any scale, in both themes.
#pragma once

#include <QIcon>
#include <QPalette>
#include <QString>

namespace interleave::ui {

/// `name` is a file of resources/icons/actions without its ending. Follows the application's
/// palette; `tint` gives it a colour of its own instead.
QIcon iconNamed(const QString& name, const QColor& tint = {});
/// In colour; for the window and the desktop.
QIcon applicationIcon();

} // namespace interleave::ui
