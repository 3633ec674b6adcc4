// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that follow each other as the bytes of an animated WebP, without loss. Knows the format,
// not what is painted. Equal paintings give equal bytes.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QImage>
#include <functional>

namespace interleave::ui {

struct AnimationSpec {
    QSize size;
    int frames = 1;
    int framesPerSecond = 15;
};

/// `frame(i)` gives a picture of the spec's size. Played again and again by whoever shows it.
Result<QByteArray> webpBytes(const AnimationSpec& spec, const std::function<QImage(int)>& frame);

} // namespace interleave::ui
