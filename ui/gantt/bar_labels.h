// SPDX-License-Identifier: GPL-3.0-or-later
// BarLabels: what is written in bars, shortened from its middle until it fits, and how it looks as
// a mask of pixels. Names repeat, so each is measured, shortened and drawn once and kept from frame
// to frame. UI thread only, but for maskOf() of labels that were prepared.
#pragma once

#include "engine/recording/recording.h"

#include <QFont>
#include <QFontMetricsF>
#include <QHash>
#include <QString>
#include <memory>
#include <vector>

namespace interleave::ui {

/// What a bar is called: on a task's row what the task does, elsewhere whose bar it is.
QString barName(const recording::Recording& recording, const recording::Track& track,
                std::size_t span);

/// How much ink each pixel of a text takes, 0 .. 255.
struct TextMask {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> coverage;
};

class BarLabels {
public:
    /// Forgets what no longer holds; call it before a frame.
    void use(std::shared_ptr<const recording::Recording> recording, const QFont& font,
             double pixelRatio);

    /// 0 when not even a shortened label fits.
    std::uint32_t labelFor(const recording::Track& track, std::size_t span, double widthPx);
    const QString& textOf(std::uint32_t label) const { return m_labels[label].text; }
    /// Draws the mask where it is missing.
    void prepare(std::uint32_t label);
    const TextMask& maskOf(std::uint32_t label) const { return m_labels[label].mask; }

private:
    struct Name {
        QString text;
        double width = 0;
        std::uint32_t whole = 0; // label
    };
    struct Label {
        QString text;
        TextMask mask;
    };

    std::uint32_t nameOf(const recording::Track& track, std::size_t span);
    std::uint32_t addLabel(const QString& text);

    std::weak_ptr<const recording::Recording> m_recording;
    const recording::Recording* m_current = nullptr;
    QFont m_font;
    QFontMetricsF m_metrics{QFont()};
    double m_pixelRatio = 0;
    std::vector<Name> m_names;
    std::vector<Label> m_labels;
    QHash<quint64, quint32> m_nameOfKey;   // of this recording
    QHash<QString, quint32> m_nameOfText;  // of any
    QHash<quint64, quint32> m_shortenedTo; // key: name and room
};

} // namespace interleave::ui
