// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_speed.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr std::array kSpeeds{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
                             0.2,   0.5,   1.0,   2.0,  5.0,  10.0};
constexpr double kComfortableSeconds = 10;

} // namespace

std::span<const double> replaySpeeds() {
    return kSpeeds;
}

std::size_t speedNearest(double speed) {
    const double wanted = std::log(std::max(speed, 1e-9));
    const auto nearest = std::ranges::min_element(
        kSpeeds, {}, [wanted](double each) { return std::abs(std::log(each) - wanted); });
    return static_cast<std::size_t>(nearest - kSpeeds.begin());
}

double speedFor(Nanoseconds duration) {
    return kSpeeds[speedNearest(toSeconds(duration) / kComfortableSeconds)];
}

QString speedText(double speed) {
    return speed < 1 ? QStringLiteral("1/%1 ×").arg(std::lround(1 / speed))
                     : QStringLiteral("%1 ×").arg(std::lround(speed));
}

} // namespace interleave::ui
