// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces of text that an SVG file is made of: numbers without needless digits, colours, path
// data, escaped strings. Positions are relative where that is shorter.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QPainterPath>
#include <QRectF>
#include <QString>

namespace interleave::ui {

/// At most two decimals, which is a fortieth of what an eye can tell at arm's length.
void appendNumber(QByteArray& out, double value);
/// A number that follows another one in path data: with a space unless its sign parts them.
void appendNext(QByteArray& out, double value);
void appendEscaped(QByteArray& out, const QString& text);
/// ` name="value"`.
void appendAttribute(QByteArray& out, const char* name, double value);
/// ` fill="#123456"`, with ` fill-opacity` where it is translucent.
void appendColour(QByteArray& out, const char* property, const QColor& colour, double opacity);

void appendRect(QByteArray& path, const QRectF& rect);
void appendPath(QByteArray& out, const QPainterPath& path);

} // namespace interleave::ui
