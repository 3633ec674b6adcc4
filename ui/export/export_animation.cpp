// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_animation.h"

#include "engine/analysis/kitchen.h"
#include "engine/storage/atomic_file.h"
#include "ui/export/animation_file.h"
#include "ui/kitchen/kitchen_painter.h"
#include "ui/replay/replay_speed.h"

#include <QPainter>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace interleave::ui {

namespace {

constexpr QSizeF kUsualSize{960, 600};

std::optional<double> decimal(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

struct Film {
    TimeRange range;
    double speed = 1;
    int frames = 1;

    Nanoseconds at(int frame) const {
        const double share = frames > 1 ? static_cast<double>(frame) / (frames - 1) : 0;
        return range.beginNs +
               static_cast<Nanoseconds>(share * static_cast<double>(range.durationNs()));
    }
};

Result<Film> filmOf(const recording::Recording& recording, const AnimationRequest& request) {
    Film film;
    film.range = request.picture.range.value_or(recording.range).intersected(recording.range);
    if (film.range.isEmpty()) {
        return fail("There is nothing to play; the run took " +
                    formatDuration(recording.range.durationNs()) + ".");
    }
    film.speed = request.speed.value_or(speedFor(film.range.durationNs()));
    const double seconds = toSeconds(film.range.durationNs()) / film.speed;
    const double frames = std::ceil(seconds * request.framesPerSecond);
    if (frames > kMostFrames) {
        return fail(fmt::format("The animation would have {:.0f} pictures ({:.0f} s at {} a "
                                "second); at most {} are made. Choose a shorter range, a higher "
                                "speed or fewer a second.",
                                frames, seconds, request.framesPerSecond, kMostFrames));
    }
    film.frames = std::max(1, static_cast<int>(frames));
    return film;
}

} // namespace

Result<double> replaySpeedFrom(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto above = decimal(text.substr(0, slash));
    const auto below = slash == text.npos ? std::optional(1.0) : decimal(text.substr(slash + 1));
    const double speed = above && below && *below > 0 ? *above / *below : 0;
    if (!(speed >= 0.001) || speed > 10) {
        return fail(
            fmt::format("'{}' is no speed; it goes from 1/1000 to 10, as in '1/50'.", text));
    }
    return speed;
}

Result<void> exportAnimation(RecordingPtrs recordings, const AnimationRequest& request) {
    if (recordings.size() != 1) {
        return fail("An animation shows one recording; give one.");
    }
    if (request.picture.view != ExportView::Kitchen) {
        return fail("Animations are made of the kitchen; add --view kitchen.");
    }
    if (request.framesPerSecond < 1 || request.framesPerSecond > 60) {
        return fail("Pictures a second may be 1 to 60.");
    }
    const auto& recording = recordings.front();
    const auto film = filmOf(*recording, request);
    if (!film) {
        return std::unexpected(film.error());
    }
    const Theme theme = themeOf(request.picture.theme);
    KitchenPainter kitchen(std::make_shared<const analysis::Kitchen>(recording), film->range);
    // Without a legend: it would change from picture to picture, and words stand at the chefs.
    const ExportPage page(pageText(recordings), kitchen, theme,
                          {false, request.picture.hasCaption});
    const QSizeF size = request.picture.size.value_or(kUsualSize);
    const double scale = request.picture.scale;
    if (!(scale > 0) || !std::isfinite(scale) || size.width() * scale > kMostExportPx ||
        size.height() * scale > kMostExportPx) {
        return fail(
            "The scale must be a number above 0, such as 2, and the picture not too large.");
    }
    AnimationSpec spec;
    spec.size = (size * scale).toSize();
    spec.frames = film->frames;
    spec.framesPerSecond = request.framesPerSecond;
    const auto bytes = webpBytes(spec, [&](int frame) {
        QImage image(spec.size, QImage::Format_RGB32);
        image.fill(theme.background);
        kitchen.setMoment(film->at(frame));
        QPainter painter(&image);
        painter.setRenderHint(QPainter::TextAntialiasing);
        painter.scale(scale, scale);
        page.paint(painter, size);
        return image;
    });
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return storage::writeFileAtomically(
        request.picture.output, {bytes->constData(), static_cast<std::size_t>(bytes->size())});
}

} // namespace interleave::ui
