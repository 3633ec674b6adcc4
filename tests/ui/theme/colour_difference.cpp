// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/theme/colour_difference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace interleave::ui {

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

double toLinear(double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double fromLinear(double c) {
    c = std::clamp(c, 0.0, 1.0);
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
}

Triple linearOf(const QColor& colour) {
    return {toLinear(colour.redF()), toLinear(colour.greenF()), toLinear(colour.blueF())};
}

Triple times(const Matrix& m, const Triple& v) {
    Triple result{};
    for (std::size_t i = 0; i < 3; ++i) {
        result[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    }
    return result;
}

// Source: Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color
// Vision Deficiency, IEEE TVCG 15(6), 2009; severity 1.
constexpr Matrix kProtan{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan{{{0.367322, 0.860646, -0.227968},
                          {0.280085, 0.672501, 0.047413},
                          {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan{{{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}}};

Triple labOf(const QColor& colour) {
    constexpr Matrix kToXyz{{{0.4124564, 0.3575761, 0.1804375},
                             {0.2126729, 0.7151522, 0.0721750},
                             {0.0193339, 0.1191920, 0.9503041}}};
    const Triple xyz = times(kToXyz, linearOf(colour));
    const auto f = [](double t) {
        return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    };
    const double x = f(xyz[0] / 0.95047);
    const double y = f(xyz[1]);
    const double z = f(xyz[2] / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double degrees(double radians) {
    const double angle = radians * 180 / std::numbers::pi;
    return angle < 0 ? angle + 360 : angle;
}

double sine(double angle) {
    return std::sin(angle * std::numbers::pi / 180);
}

double cosine(double angle) {
    return std::cos(angle * std::numbers::pi / 180);
}

double power7(double value) {
    return std::pow(value, 7);
}

} // namespace

QColor seenBy(Vision vision, const QColor& colour) {
    if (vision == Vision::Normal) {
        return colour;
    }
    const Matrix& matrix = vision == Vision::Deutan   ? kDeutan
                           : vision == Vision::Protan ? kProtan
                                                      : kTritan;
    const Triple seen = times(matrix, linearOf(colour));
    QColor result;
    result.setRgbF(static_cast<float>(fromLinear(seen[0])), static_cast<float>(fromLinear(seen[1])),
                   static_cast<float>(fromLinear(seen[2])));
    return result;
}

double ciede2000(const QColor& first, const QColor& second) {
    const Triple lab1 = labOf(first);
    const Triple lab2 = labOf(second);
    const double meanChroma = (std::hypot(lab1[1], lab1[2]) + std::hypot(lab2[1], lab2[2])) / 2;
    const double g = 0.5 * (1 - std::sqrt(power7(meanChroma) / (power7(meanChroma) + power7(25))));
    const double a1 = (1 + g) * lab1[1];
    const double a2 = (1 + g) * lab2[1];
    const double c1 = std::hypot(a1, lab1[2]);
    const double c2 = std::hypot(a2, lab2[2]);
    const double h1 = c1 == 0 ? 0 : degrees(std::atan2(lab1[2], a1));
    const double h2 = c2 == 0 ? 0 : degrees(std::atan2(lab2[2], a2));
    double hueStep = h2 - h1;
    double meanHue = (h1 + h2) / 2;
    if (c1 * c2 == 0) {
        hueStep = 0;
        meanHue = h1 + h2;
    } else if (std::abs(h1 - h2) > 180) {
        hueStep += hueStep > 0 ? -360 : 360;
        meanHue += h1 + h2 < 360 ? 180 : -180;
    }
    const double lightness = lab2[0] - lab1[0];
    const double chroma = c2 - c1;
    const double hue = 2 * std::sqrt(c1 * c2) * sine(hueStep / 2);
    const double meanL = (lab1[0] + lab2[0]) / 2;
    const double meanC = (c1 + c2) / 2;
    const double t = 1 - 0.17 * cosine(meanHue - 30) + 0.24 * cosine(2 * meanHue) +
                     0.32 * cosine(3 * meanHue + 6) - 0.20 * cosine(4 * meanHue - 63);
    const double turn = 30 * std::exp(-std::pow((meanHue - 275) / 25, 2));
    const double rc = 2 * std::sqrt(power7(meanC) / (power7(meanC) + power7(25)));
    const double sl = 1 + 0.015 * std::pow(meanL - 50, 2) / std::sqrt(20 + std::pow(meanL - 50, 2));
    const double sc = 1 + 0.045 * meanC;
    const double sh = 1 + 0.015 * meanC * t;
    const double rt = -sine(2 * turn) * rc;
    return std::sqrt(std::pow(lightness / sl, 2) + std::pow(chroma / sc, 2) +
                     std::pow(hue / sh, 2) + rt * (chroma / sc) * (hue / sh));
}

double greyDifference(const QColor& a, const QColor& b) {
    return std::abs(labOf(a)[0] - labOf(b)[0]);
}

} // namespace interleave::ui
