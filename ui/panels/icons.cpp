// SPDX-License-Identifier: GPL-3.0-or-later
// An icon engine that draws the SVG as a mask and fills it with the colour of the moment, so that
// a change of theme needs no new icons.
#include "ui/panels/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

// The icons lie in a static library: nobody would register them otherwise. Outside any namespace,
// as the macro wants it.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace interleave::ui {

namespace {

class TintedSvgEngine : public QIconEngine {
public:
    TintedSvgEngine(QString file, QColor tint)
        : m_file(std::move(file))
        , m_tint(std::move(tint)) {}

    QIconEngine* clone() const override { return new TintedSvgEngine(m_file, m_tint); }
    QString key() const override { return QStringLiteral("interleave-tinted-svg"); }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap pixmap = drawn(rect.size() * ratio, mode);
        painter->drawPixmap(rect, pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return drawn(size, mode);
    }

private:
    QColor colour(QIcon::Mode mode) const {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled) {
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        }
        if (mode == QIcon::Selected) {
            return palette.color(QPalette::HighlightedText);
        }
        return m_tint.isValid() ? m_tint : palette.color(QPalette::ButtonText);
    }

    QPixmap drawn(const QSize& size, QIcon::Mode mode) const {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        QSvgRenderer(m_file).render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), colour(mode));
        return pixmap;
    }

    QString m_file;
    QColor m_tint;
};

} // namespace

QIcon iconNamed(const QString& name, const QColor& tint) {
    registerIcons();
    return QIcon(new TintedSvgEngine(QStringLiteral(":/icons/actions/%1.svg").arg(name), tint));
}

QIcon applicationIcon() {
    registerIcons();
    return QIcon(QStringLiteral(":/icons/interleave.svg"));
}

} // namespace interleave::ui
