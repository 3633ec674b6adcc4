// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/animation_file.h"

#include <fmt/format.h>
#include <memory>
#include <webp/encode.h>
#include <webp/mux.h>

namespace interleave::ui {

namespace {

constexpr int kMostSide = 16'383; // of the format
constexpr int kEffort = 1;        // of 0 to 6: frames are many, and flat pictures gain little
constexpr float kQuality = 30;    // without loss this is effort, too

std::unexpected<Error> cannotEncode(const char* why) {
    return fail(
        fmt::format("The animation can't be made ({}); try a smaller size or fewer frames.", why));
}

using Encoder = std::unique_ptr<WebPAnimEncoder, decltype(&WebPAnimEncoderDelete)>;

Result<void> add(WebPAnimEncoder* encoder, const WebPConfig& config, const QImage& image,
                 int whenMs) {
    const QImage pixels = image.convertToFormat(QImage::Format_RGB32);
    WebPPicture picture;
    if (WebPPictureInit(&picture) == 0) {
        return cannotEncode("the library is of another version");
    }
    picture.use_argb = 1;
    picture.width = pixels.width();
    picture.height = pixels.height();
    const bool isAdded = WebPPictureImportBGRX(&picture, pixels.constBits(),
                                               static_cast<int>(pixels.bytesPerLine())) != 0 &&
                         WebPAnimEncoderAdd(encoder, &picture, whenMs, &config) != 0;
    WebPPictureFree(&picture);
    return isAdded ? Result<void>() : cannotEncode(WebPAnimEncoderGetError(encoder));
}

} // namespace

Result<QByteArray> webpBytes(const AnimationSpec& spec, const std::function<QImage(int)>& frame) {
    if (spec.size.width() < 1 || spec.size.height() < 1 || spec.size.width() > kMostSide ||
        spec.size.height() > kMostSide) {
        return fail(fmt::format("A WebP of {} x {} pixels is out of range; each side may have 1 to "
                                "{}.",
                                spec.size.width(), spec.size.height(), kMostSide));
    }
    WebPAnimEncoderOptions options;
    WebPConfig config;
    if (WebPAnimEncoderOptionsInit(&options) == 0 || WebPConfigInit(&config) == 0) {
        return cannotEncode("the library is of another version");
    }
    config.lossless = 1;
    config.method = kEffort;
    config.quality = kQuality;
    options.kmax = 60; // a whole picture now and then, so that one can jump to the middle
    options.kmin = 30;
    const Encoder encoder(WebPAnimEncoderNew(spec.size.width(), spec.size.height(), &options),
                          &WebPAnimEncoderDelete);
    if (!encoder) {
        return cannotEncode("no memory");
    }
    const auto timeOf = [&](int index) { return index * 1000 / spec.framesPerSecond; };
    for (int i = 0; i < spec.frames; ++i) {
        if (const auto added = add(encoder.get(), config, frame(i), timeOf(i)); !added) {
            return std::unexpected(added.error());
        }
    }
    WebPData data;
    WebPDataInit(&data);
    if (WebPAnimEncoderAdd(encoder.get(), nullptr, timeOf(spec.frames), nullptr) == 0 ||
        WebPAnimEncoderAssemble(encoder.get(), &data) == 0) {
        return cannotEncode(WebPAnimEncoderGetError(encoder.get()));
    }
    QByteArray bytes(reinterpret_cast<const char*>(data.bytes), static_cast<qsizetype>(data.size));
    WebPDataClear(&data);
    return bytes;
}

} // namespace interleave::ui
