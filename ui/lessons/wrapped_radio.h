// SPDX-License-Identifier: GPL-3.0-or-later
// WrappedRadio: a radio button whose text takes as many lines as it needs; Qt's own cuts it off.
#pragma once

#include <QRadioButton>

namespace interleave::ui {

class WrappedRadio : public QRadioButton {
    Q_OBJECT

public:
    explicit WrappedRadio(const QString& text, QWidget* parent = nullptr);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool hitButton(const QPoint& position) const override;

private:
    int textLeftPx() const;
    QRect textRect(int width) const;
};

} // namespace interleave::ui
