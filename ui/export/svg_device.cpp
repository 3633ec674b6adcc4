// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/svg_device.h"

#include "ui/export/svg_engine.h"
#include "ui/export/svg_text.h"

#include <cmath>

namespace interleave::ui {

namespace {

constexpr int kDotsPerInch = 96; // a CSS pixel
constexpr double kMmPerInch = 25.4;

} // namespace

SvgDevice::SvgDevice(SvgSpec spec)
    : m_spec(std::move(spec))
    , m_engine(std::make_unique<SvgEngine>(m_spec.fontFamily, std::max(1.0, m_spec.imageScale))) {}

SvgDevice::~SvgDevice() = default;

QPaintEngine* SvgDevice::paintEngine() const {
    return m_engine.get();
}

int SvgDevice::shapeCount() const {
    return m_engine->shapeCount();
}

QByteArray SvgDevice::bytes() const {
    QByteArray out("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                   "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\"");
    appendAttribute(out, "width", m_spec.size.width());
    appendAttribute(out, "height", m_spec.size.height());
    out += " viewBox=\"0 0 ";
    appendNumber(out, m_spec.size.width());
    out += ' ';
    appendNumber(out, m_spec.size.height());
    out += "\" font-family=\"";
    appendEscaped(out, m_spec.fontFamily);
    out += ", Verdana, sans-serif\" xml:space=\"preserve\">\n<title>";
    appendEscaped(out, m_spec.title);
    out += "</title>\n<desc>";
    appendEscaped(out, m_spec.description);
    out += "</desc>\n";
    return out + m_engine->body() + "</svg>\n";
}

int SvgDevice::metric(PaintDeviceMetric metric) const {
    const auto whole = [](double value) { return static_cast<int>(std::ceil(value)); };
    const double scale = std::max(1.0, m_spec.imageScale);
    switch (metric) {
    case PdmWidth:
        return whole(m_spec.size.width() * scale);
    case PdmHeight:
        return whole(m_spec.size.height() * scale);
    case PdmWidthMM:
        return whole(m_spec.size.width() * kMmPerInch / kDotsPerInch);
    case PdmHeightMM:
        return whole(m_spec.size.height() * kMmPerInch / kDotsPerInch);
    case PdmDepth:
        return 32;
    case PdmNumColors:
        return 0;
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
        return kDotsPerInch;
    case PdmDevicePixelRatio:
        return whole(scale);
    case PdmDevicePixelRatioScaled:
        return static_cast<int>(std::lround(scale * devicePixelRatioFScale()));
    default:
        return QPaintDevice::metric(metric);
    }
}

} // namespace interleave::ui
