// SPDX-License-Identifier: GPL-3.0-or-later
// SvgDevice: a paint device that writes SVG. Qt's own generator forgets clips and the source
// rectangle of images and spends some 300 bytes on every change of colour; this one cuts what lies
// outside of the clip, joins neighbouring shapes of one colour into one path, and keeps text as
// text, as long as it was laid out, whatever font the reader has. It does no gradients, no brush
// textures and no composition modes: nothing here paints with them.
#pragma once

#include <QByteArray>
#include <QPaintDevice>
#include <QSizeF>
#include <QString>

#include <memory>

namespace interleave::ui {

struct SvgSpec {
    QSizeF size;           // in CSS pixels, which are the painter's
    double imageScale = 1; // pixels of embedded images for each of those
    QString title;
    QString description;
    QString fontFamily; // that most of the text has
};

class SvgEngine;

class SvgDevice : public QPaintDevice {
public:
    explicit SvgDevice(SvgSpec spec);
    ~SvgDevice() override;

    QPaintEngine* paintEngine() const override;
    /// The whole file; after the painter has ended.
    QByteArray bytes() const;
    /// Elements that draw something.
    int shapeCount() const;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    SvgSpec m_spec;
    std::unique_ptr<SvgEngine> m_engine;
};

} // namespace interleave::ui
