// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/svg_text.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kFarthest = 1e9; // px: what lies beyond has no place in a picture

} // namespace

void appendNumber(QByteArray& out, double value) {
    if (!std::isfinite(value)) {
        value = 0;
    }
    long long hundredths = std::llround(std::clamp(value, -kFarthest, kFarthest) * 100);
    if (hundredths < 0) {
        out += '-';
        hundredths = -hundredths;
    }
    const long long whole = hundredths / 100;
    const int rest = static_cast<int>(hundredths % 100);
    if (whole != 0 || rest == 0) {
        out += QByteArray::number(whole);
    }
    if (rest != 0) {
        out += '.';
        out += static_cast<char>('0' + rest / 10);
        if (rest % 10 != 0) {
            out += static_cast<char>('0' + rest % 10);
        }
    }
}

void appendNext(QByteArray& out, double value) {
    if (std::llround(value * 100) >= 0) {
        out += ' ';
    }
    appendNumber(out, value);
}

void appendEscaped(QByteArray& out, const QString& text) {
    QString plain;
    for (const QChar character : text) { // XML knows no other control characters
        const bool isAllowed = character >= QChar(0x20) || character == QChar('\t');
        plain += isAllowed && character != QChar(0xfffe) && character != QChar(0xffff)
                     ? character
                     : QChar(QChar::ReplacementCharacter);
    }
    out += plain.toHtmlEscaped().toUtf8();
}

void appendAttribute(QByteArray& out, const char* name, double value) {
    out += ' ';
    out += name;
    out += "=\"";
    appendNumber(out, value);
    out += '"';
}

void appendColour(QByteArray& out, const char* property, const QColor& colour, double opacity) {
    out += ' ';
    out += property;
    out += "=\"" + colour.name(QColor::HexRgb).toLatin1() + '"';
    if (const double alpha = colour.alphaF() * opacity; alpha < 0.999) {
        appendAttribute(out, (QByteArray(property) + "-opacity").constData(), alpha);
    }
}

void appendRect(QByteArray& path, const QRectF& rect) {
    path += 'M';
    appendNumber(path, rect.left());
    appendNext(path, rect.top());
    path += 'h';
    appendNumber(path, rect.width());
    path += 'v';
    appendNumber(path, rect.height());
    path += 'h';
    appendNumber(path, -rect.width());
    path += 'z';
}

void appendPath(QByteArray& out, const QPainterPath& path) {
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element& element = path.elementAt(i);
        switch (element.type) {
        case QPainterPath::MoveToElement:
            out += 'M';
            break;
        case QPainterPath::LineToElement:
            out += 'L';
            break;
        case QPainterPath::CurveToElement:
            out += 'C';
            break;
        case QPainterPath::CurveToDataElement:
            out += ' ';
            break;
        }
        appendNumber(out, element.x);
        appendNext(out, element.y);
    }
}

} // namespace interleave::ui
