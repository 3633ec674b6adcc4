// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/image_export.h"

#include "app/exit_code.h"
#include "app/qt_messages.h"
#include "ui/export/export_animation.h"
#include "ui/export/export_view.h"
#include "ui/sweep/sweep_painter.h"

#include <QApplication>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <functional>

namespace interleave::app {

namespace {

Result<Nanoseconds> moment(const char* option, const std::string& text) {
    const auto at = ui::exportMomentFrom(text);
    return at ? at : fail(fmt::format("{}: {}", option, at.error().message));
}

Result<std::optional<TimeRange>> rangeOf(const ExportOptions& options, TimeRange whole) {
    if (options.from.empty() && options.to.empty()) {
        return std::optional<TimeRange>();
    }
    TimeRange range = whole;
    if (!options.from.empty()) {
        const auto from = moment("--from", options.from);
        if (!from) {
            return std::unexpected(from.error());
        }
        range.beginNs = *from;
    }
    if (!options.to.empty()) {
        const auto to = moment("--to", options.to);
        if (!to) {
            return std::unexpected(to.error());
        }
        range.endNs = *to;
    }
    if (range.isEmpty() || !range.overlaps(whole)) {
        return fail(
            fmt::format("--from {} --to {}: nothing lies between; the recording ends at {}.",
                        formatDuration(range.beginNs), formatDuration(range.endNs),
                        formatDuration(whole.endNs)));
    }
    return std::optional(range);
}

/// Calls `write` with what Qt wants for it: an image needs fonts, not a screen, and the same
/// platform everywhere gives the same picture.
Result<void> withFonts(const std::function<Result<void>()>& write) {
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
    silenceQtNotices();
    int argc = 1;
    char name[] = "interleave";
    char* argv[] = {name, nullptr};
    const QApplication application(argc, argv);
    return write();
}

/// Assigns what `result` holds, or returns its error.
template <class Target, class Value>
std::optional<Error> take(Target& target, Result<Value> result) {
    if (!result) {
        return result.error();
    }
    target = std::move(*result);
    return std::nullopt;
}

bool isAnimation(const ExportOptions& options) {
    return std::filesystem::path(options.output).extension() == ".webp";
}

/// What the film is made of besides its pictures.
Result<ui::AnimationRequest> animationOf(const ExportOptions& options,
                                         const ui::ExportRequest& picture) {
    ui::AnimationRequest request;
    request.picture = picture;
    request.framesPerSecond = options.framesPerSecond;
    if (!options.speed.empty()) {
        const auto speed = ui::replaySpeedFrom(options.speed);
        if (!speed) {
            return fail(fmt::format("--speed: {}", speed.error().message));
        }
        request.speed = *speed;
    }
    return request;
}

Result<ui::ExportRequest> requestOf(const ExportOptions& options, TimeRange whole) {
    ui::ExportRequest request;
    request.output = options.output;
    request.scale = options.scale;
    request.hasLegend = options.hasLegend;
    request.hasCaption = options.hasCaption;
    std::optional<Error> error;
    if (!isAnimation(options)) {
        error = take(request.format, ui::exportFormatOf(options.output));
    }
    if (!error) {
        error = take(request.view, ui::exportViewNamed(options.view));
    }
    if (!error) {
        error = take(request.theme, ui::themeNamed(options.theme));
    }
    if (!error) {
        error = take(request.grouping, ui::groupingNamed(options.group));
    }
    if (!error) {
        error = take(request.hidden, ui::stateSetNamed(options.hide));
    }
    if (!error && !options.size.empty()) {
        error = take(request.size, ui::exportSizeFrom(options.size));
    }
    if (!error) {
        error = take(request.range, rangeOf(options, whole));
    }
    if (!error && !options.at.empty()) {
        error = request.view == ui::ExportView::Topology || request.view == ui::ExportView::Kitchen
                    ? take(request.at, moment("--at", options.at))
                    : std::optional(
                          Error{"--at names a moment of --view topology or kitchen; other views "
                                "show a range, from --from to --to."});
    }
    if (error) {
        return std::unexpected(*error);
    }
    return request;
}

} // namespace

int exportImage(std::span<const std::shared_ptr<const recording::Recording>> recordings,
                const ExportOptions& options) {
    TimeRange whole;
    for (const auto& recording : recordings) {
        whole.endNs = std::max(whole.endNs, recording->range.endNs);
    }
    const auto request = requestOf(options, whole);
    if (!request) {
        return report(request.error());
    }
    const auto animation = animationOf(options, *request);
    if (!animation) {
        return report(animation.error());
    }
    const auto written = withFonts([&] {
        return isAnimation(options) ? ui::exportAnimation(recordings, *animation)
                                    : ui::exportView(recordings, *request);
    });
    return written ? static_cast<int>(kDone) : report(written.error());
}

bool isImage(const std::filesystem::path& output) {
    return ui::exportFormatOf(output).has_value();
}

int exportSweepChart(const analysis::Sweep& sweep, const std::string& title,
                     const std::filesystem::path& output) {
    ui::ExportRequest request;
    request.output = output;
    request.scale = kSlideScale;
    if (const auto error = take(request.format, ui::exportFormatOf(output))) {
        return report(*error);
    }
    QStringList models;
    for (const std::string& model : sweep.models) {
        models << QString::fromStdString(model);
    }
    const QString values = QStringLiteral("%1 %2 to %3")
                               .arg(QString::fromStdString(sweep.key),
                                    QString::fromStdString(sweep.points.front().text),
                                    QString::fromStdString(sweep.points.back().text));
    const ui::PageText text{QString::fromStdString(title) + QStringLiteral(" · ") + values,
                            QStringLiteral("measured"),
                            {models.join(QStringLiteral(", "))}};
    const auto written =
        withFonts([&] { return ui::exportPage(ui::SweepPainter(sweep), text, request); });
    return written ? static_cast<int>(kDone) : report(written.error());
}

} // namespace interleave::app
