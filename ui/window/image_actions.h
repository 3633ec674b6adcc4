// SPDX-License-Identifier: GPL-3.0-or-later
// Images out of the window: the export dialog for what is shown, and the picture of what is seen on
// the clipboard.
#pragma once

#include "ui/window/export_dialog.h"

class QMimeData;

namespace interleave::ui {

class MainWindow;

/// What the window shows, as the export dialog takes it; without a recording if nothing is shown.
ExportSubject exportSubjectOf(MainWindow& window);

/// Lets the user choose and write an image.
void showExportDialog(MainWindow& window);

/// The view as it is seen, as image/png and image/svg+xml; null with a message in the strip where
/// it can't be made.
QMimeData* viewAsMimeData(MainWindow& window);

/// Adds "Copy image" to the menu that has "Export image", under the same conditions.
void addCopyImageAction(MainWindow& window);

} // namespace interleave::ui
