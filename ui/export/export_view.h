// SPDX-License-Identifier: GPL-3.0-or-later
// Exporting as one call, for the command line, the window and the clipboard alike.
#pragma once

#include "engine/base/result.h"
#include "ui/export/export_page.h"
#include "ui/export/export_request.h"

#include <QByteArray>
#include <QImage>

namespace interleave::ui {

/// Writes the picture that is asked for to request.output, wholly or not at all.
Result<void> exportView(RecordingPtrs recordings, const ExportRequest& request);

/// What is no view of recordings, on a page with that text.
Result<void> exportPage(const ViewPainter& view, const PageText& text,
                        const ExportRequest& request);

/// The picture of exportView() as bytes. Any thread; needs a QGuiApplication for its fonts.
Result<QByteArray> exportBytes(RecordingPtrs recordings, const ExportRequest& request);

struct ExportPreview {
    QImage image;
    QSizeF size; // of the whole picture in CSS pixels, whoever chose it
};

/// The picture within `room`, as a PNG would show it. Any thread, like exportBytes().
Result<ExportPreview> exportPreview(RecordingPtrs recordings, const ExportRequest& request,
                                    QSize room);

} // namespace interleave::ui
