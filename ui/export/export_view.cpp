// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_view.h"

#include "engine/storage/atomic_file.h"
#include "ui/export/make_view_painter.h"
#include "ui/export/picture_file.h"

#include <QPainter>
#include <functional>

namespace interleave::ui {

namespace {

constexpr double kMostPreviewPixels = 16e6;

struct Sheet {
    std::unique_ptr<ViewPainter> view;
    PageText text;
    Theme theme;
    std::unique_ptr<ExportPage> page;
    QSizeF size;
};

PictureSpec specOf(const ExportRequest& request, const PageText& text, const Theme& theme,
                   QSizeF size) {
    PictureSpec spec;
    spec.format = request.format;
    spec.size = size;
    spec.scale = request.scale;
    spec.title = text.title;
    spec.fontFamily = theme.fontFamily;
    return spec;
}

Result<void> writePicture(const Result<QByteArray>& bytes, const ExportRequest& request) {
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return storage::writeFileAtomically(
        request.output, {bytes->constData(), static_cast<std::size_t>(bytes->size())});
}

Result<Sheet> sheetFor(RecordingPtrs recordings, const ExportRequest& request) {
    auto view = makeViewPainter(recordings, request);
    if (!view) {
        return std::unexpected(view.error());
    }
    Sheet sheet;
    sheet.view = std::move(*view);
    sheet.text = pageText(recordings);
    sheet.theme = themeOf(request.theme);
    sheet.page = std::make_unique<ExportPage>(sheet.text, *sheet.view, sheet.theme,
                                              PageParts{request.hasLegend, request.hasCaption});
    sheet.size = request.size ? *request.size : QSizeF(sheet.page->preferredSize());
    return sheet;
}

} // namespace

Result<QByteArray> exportBytes(RecordingPtrs recordings, const ExportRequest& request) {
    const auto sheet = sheetFor(recordings, request);
    if (!sheet) {
        return std::unexpected(sheet.error());
    }
    const PictureSpec spec = specOf(request, sheet->text, sheet->theme, sheet->size);
    return pictureBytes(spec, [&](QPainter& painter) { sheet->page->paint(painter, spec.size); });
}

Result<void> exportView(RecordingPtrs recordings, const ExportRequest& request) {
    return writePicture(exportBytes(recordings, request), request);
}

Result<void> exportPage(const ViewPainter& view, const PageText& text,
                        const ExportRequest& request) {
    const Theme theme = themeOf(request.theme);
    const ExportPage page(text, view, theme, PageParts{request.hasLegend, request.hasCaption});
    const QSizeF size = request.size ? *request.size : QSizeF(page.preferredSize());
    const auto bytes = pictureBytes(specOf(request, text, theme, size),
                                    [&](QPainter& painter) { page.paint(painter, size); });
    return writePicture(bytes, request);
}

Result<ExportPreview> exportPreview(RecordingPtrs recordings, const ExportRequest& request,
                                    QSize room) {
    const auto sheet = sheetFor(recordings, request);
    if (!sheet) {
        return std::unexpected(sheet.error());
    }
    const QSize fitted = sheet->size.toSize().scaled(room, Qt::KeepAspectRatio);
    // Painted as large as it will be and then made smaller, as a picture on a page is: text that is
    // laid out for fewer pixels looks otherwise.
    const bool isShrunk = fitted.width() < sheet->size.width() &&
                          sheet->size.width() * sheet->size.height() < kMostPreviewPixels;
    const QSize painted = isShrunk ? sheet->size.toSize() : fitted;
    QImage image(painted.expandedTo({1, 1}), QImage::Format_RGB32);
    image.fill(sheet->theme.background);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.scale(image.width() / sheet->size.width(), image.height() / sheet->size.height());
    sheet->page->paint(painter, sheet->size);
    painter.end();
    if (isShrunk) {
        image = image.scaled(fitted.expandedTo({1, 1}), Qt::IgnoreAspectRatio,
                             Qt::SmoothTransformation);
    }
    return ExportPreview{std::move(image), sheet->size};
}

} // namespace interleave::ui
