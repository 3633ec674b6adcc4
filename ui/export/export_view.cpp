// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_view.h"

#include "engine/storage/atomic_file.h"
#include "ui/export/make_view_painter.h"
#include "ui/export/picture_file.h"

#include <QPainter>

namespace interleave::ui {

Result<void> exportView(RecordingPtrs recordings, const ExportRequest& request) {
    const auto view = makeViewPainter(recordings, request);
    if (!view) {
        return std::unexpected(view.error());
    }
    const PageText text = pageText(recordings);
    const ExportPage page(text, **view, themeOf(request.theme));
    PictureSpec spec;
    spec.format = request.format;
    spec.size = request.size.value_or(page.preferredSize());
    spec.scale = request.scale;
    spec.title = text.title;
    const auto bytes =
        pictureBytes(spec, [&](QPainter& painter) { page.paint(painter, QSizeF(spec.size)); });
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return storage::writeFileAtomically(
        request.output, {bytes->constData(), static_cast<std::size_t>(bytes->size())});
}

} // namespace interleave::ui
