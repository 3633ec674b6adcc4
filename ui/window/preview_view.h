// SPDX-License-Identifier: GPL-3.0-or-later
// PreviewView: shows the picture that an export would make, painted on a thread of its own, so that
// the fields beside it never wait. While one picture is being made only the latest wish is kept.
#pragma once

#include "ui/export/export_view.h"
#include "ui/session/session_tail.h"

#include <QThreadPool>
#include <QWidget>

#include <optional>
#include <vector>

namespace interleave::ui {

class PreviewView : public QWidget {
    Q_OBJECT

public:
    struct Wish {
        std::vector<RecordingPtr> recordings;
        ExportRequest request;
    };

    explicit PreviewView(QWidget* parent = nullptr);
    ~PreviewView() override;

    void show(Wish wish);
    QSize sizeHint() const override { return {640, 420}; }
    QSize minimumSizeHint() const override { return {320, 220}; }
    /// The newest picture; null before the first, and where there is none to be had.
    const QImage& image() const { return m_image; }

Q_SIGNALS:
    /// The newest wish has been painted; its size in CSS pixels.
    void painted(QSizeF size);
    /// Or it can't be: a sentence.
    void failed(const QString& sentence);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void start();
    void take(const Result<ExportPreview>& result);
    QSize roomPx() const;

    Wish m_wish;
    QImage m_image;
    bool m_isPainting = false;
    bool m_hasNewer = false;
    QThreadPool m_pool;
};

} // namespace interleave::ui
