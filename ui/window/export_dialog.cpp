// SPDX-License-Identifier: GPL-3.0-or-later
// ExportDialog: fields at the left, the picture at the right.
#include "ui/window/export_dialog.h"

#include "ui/export/export_page.h"
#include "ui/export/make_view_painter.h"
#include "ui/panels/guide_panel.h"
#include "ui/window/recent_files.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include <array>

namespace interleave::ui {

namespace {

constexpr QSize kPreview{480, 320};
constexpr int kPreviewDelayMs = 120;
constexpr std::array<const char*, 3> kEndings{"png", "svg", "pdf"};

enum class Size { View, Slide, FullHd, Paper, Custom };

QSize sizeOf(Size size) {
    switch (size) {
    case Size::Slide:
        return {1280, 720};
    case Size::FullHd:
        return {1920, 1080};
    case Size::Paper:
        return {1123, 794}; // A4 at 96 dots per inch
    case Size::View:
    case Size::Custom:
        break;
    }
    return {1600, 900};
}

} // namespace

ExportDialog::ExportDialog(ExportSubject subject, QWidget* parent)
    : QDialog(parent)
    , m_subject(std::move(subject))
    , m_view(new QComboBox(this))
    , m_range(new QComboBox(this))
    , m_format(new QComboBox(this))
    , m_size(new QComboBox(this))
    , m_width(new QSpinBox(this))
    , m_height(new QSpinBox(this))
    , m_scale(new QComboBox(this))
    , m_theme(new QComboBox(this))
    , m_preview(new QLabel(this))
    , m_facts(new QLabel(this)) {
    setWindowTitle(tr("Export image"));
    for (int i = 0; i < kViewKinds; ++i) {
        m_view->addItem(titleOf(static_cast<ViewKind>(i)));
    }
    m_view->setCurrentIndex(static_cast<int>(m_subject.view));
    m_range->addItems({tr("The whole run"), tr("What is visible")});
    if (m_subject.selected) {
        m_range->addItem(tr("The selected range"));
    }
    m_format->addItems({tr("PNG, pixels"), tr("SVG, vectors"), tr("PDF, vectors")});
    m_size->addItems({tr("As the view needs"), tr("Slide, 16:9"), tr("Full HD"), tr("A4 landscape"),
                      tr("Own size")});
    m_scale->addItems({QStringLiteral("1 ×"), QStringLiteral("2 ×"), QStringLiteral("3 ×")});
    m_theme->addItems({tr("Light"), tr("Dark"), tr("Print, readable without colour")});
    for (QSpinBox* box : {m_width, m_height}) {
        box->setRange(200, 8000);
        box->setSuffix(tr(" px"));
    }
    const QSettings settings;
    m_format->setCurrentIndex(settings.value(QStringLiteral("export/format"), 0).toInt());
    m_scale->setCurrentIndex(settings.value(QStringLiteral("export/scale"), 1).toInt());
    m_theme->setCurrentIndex(settings.value(QStringLiteral("export/theme"), 0).toInt());
    build();
    connectFields();
    updateFields();
    updatePreview();
}

void ExportDialog::build() {
    auto* form = new QFormLayout;
    form->addRow(tr("&View"), m_view);
    form->addRow(tr("&Time"), m_range);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Size"), m_size);
    auto* own = new QHBoxLayout;
    own->addWidget(m_width);
    own->addWidget(new QLabel(QStringLiteral("×"), this));
    own->addWidget(m_height);
    form->addRow(QString(), own);
    form->addRow(tr("S&cale"), m_scale);
    form->addRow(tr("&Colours"), m_theme);
    m_preview->setFixedSize(kPreview);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setFrameShape(QFrame::StyledPanel);
    m_preview->setWordWrap(true);
    m_preview->setAccessibleName(tr("Preview"));
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* write = buttons->addButton(tr("&Export…"), QDialogButtonBox::AcceptRole);
    write->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* left = new QVBoxLayout;
    left->addLayout(form);
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->addWidget(m_preview);
    right->addWidget(m_facts);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(16);
    middle->addLayout(left);
    middle->addLayout(right);
    auto* column = new QVBoxLayout(this);
    column->addLayout(middle);
    column->addWidget(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);
}

void ExportDialog::connectFields() {
    m_previewTimer.setSingleShot(true);
    m_previewTimer.setInterval(kPreviewDelayMs);
    connect(&m_previewTimer, &QTimer::timeout, this, &ExportDialog::updatePreview);
    for (QComboBox* box : {m_view, m_range, m_format, m_size, m_scale, m_theme}) {
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::updateFields);
    }
    for (QSpinBox* box : {m_width, m_height}) {
        connect(box, &QSpinBox::valueChanged, &m_previewTimer, qOverload<>(&QTimer::start));
    }
}

void ExportDialog::updateFields() {
    const auto size = static_cast<Size>(m_size->currentIndex());
    const bool isOwn = size == Size::Custom;
    m_width->setEnabled(isOwn);
    m_height->setEnabled(isOwn);
    if (!isOwn && size != Size::View) {
        m_width->setValue(sizeOf(size).width());
        m_height->setValue(sizeOf(size).height());
    }
    const bool isPixels = m_format->currentIndex() == static_cast<int>(ExportFormat::Png);
    m_scale->setEnabled(isPixels);
    m_range->setEnabled(m_view->currentIndex() != static_cast<int>(ExportView::Compare));
    m_previewTimer.start();
}

ExportRequest ExportDialog::request() const {
    ExportRequest request;
    request.view = static_cast<ExportView>(m_view->currentIndex());
    request.format = static_cast<ExportFormat>(m_format->currentIndex());
    request.theme = static_cast<ThemeKind>(m_theme->currentIndex());
    request.grouping = m_subject.grouping;
    request.hidden = m_subject.hidden;
    if (m_range->isEnabled() && m_range->currentIndex() == 1) {
        request.range = m_subject.visible;
    } else if (m_range->isEnabled() && m_range->currentIndex() == 2) {
        request.range = m_subject.selected;
    }
    if (m_size->currentIndex() != static_cast<int>(Size::View)) {
        request.size = QSize(m_width->value(), m_height->value());
    }
    request.scale = m_scale->isEnabled() ? m_scale->currentIndex() + 1 : 1;
    return request;
}

std::vector<RecordingPtr> ExportDialog::recordings() const {
    if (m_view->currentIndex() == static_cast<int>(ExportView::Compare)) {
        return m_subject.compared;
    }
    return {m_subject.shown};
}

void ExportDialog::updatePreview() {
    const ExportRequest wanted = request();
    const std::vector<RecordingPtr> shown = recordings();
    const auto painter = makeViewPainter(shown, wanted);
    if (!painter) {
        m_preview->setText(QString::fromStdString(painter.error().message));
        m_facts->clear();
        return;
    }
    const ExportPage page(pageText(shown), **painter, themeOf(wanted.theme));
    const QSize size = wanted.size.value_or(page.preferredSize());
    if (!wanted.size) { // not the user's to choose, but good to know
        const QSignalBlocker quietWidth(m_width);
        const QSignalBlocker quietHeight(m_height);
        m_width->setValue(size.width());
        m_height->setValue(size.height());
    }
    const QSize fitted = size.scaled(kPreview - QSize(8, 8), Qt::KeepAspectRatio);
    QPixmap pixmap(fitted * devicePixelRatioF());
    pixmap.fill(themeOf(wanted.theme).background);
    QPainter canvas(&pixmap);
    canvas.setRenderHint(QPainter::SmoothPixmapTransform);
    canvas.scale(static_cast<double>(pixmap.width()) / size.width(),
                 static_cast<double>(pixmap.height()) / size.height());
    page.paint(canvas, size);
    canvas.end();
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    m_preview->setPixmap(pixmap);
    const QSize pixels = size * wanted.scale;
    m_facts->setText(wanted.format == ExportFormat::Png
                         ? tr("%1 × %2 pixels").arg(pixels.width()).arg(pixels.height())
                         : tr("%1 × %2, sharp at any size").arg(size.width()).arg(size.height()));
}

QString ExportDialog::chooseFile() {
    QSettings settings;
    settings.setValue(QStringLiteral("export/format"), m_format->currentIndex());
    settings.setValue(QStringLiteral("export/scale"), m_scale->currentIndex());
    settings.setValue(QStringLiteral("export/theme"), m_theme->currentIndex());
    const QString ending =
        QString::fromLatin1(kEndings[static_cast<std::size_t>(m_format->currentIndex())]);
    const QString name = QStringLiteral("%1-%2.%3")
                             .arg(m_subject.suggestedFile,
                                  nameOf(static_cast<ViewKind>(m_view->currentIndex())), ending);
    QString file =
        QFileDialog::getSaveFileName(this, tr("Export image"), QDir(lastFolder()).filePath(name),
                                     QStringLiteral("%1 (*.%2)").arg(ending.toUpper(), ending));
    if (!file.isEmpty() && QFileInfo(file).suffix().toLower() != ending) {
        file += QLatin1Char('.') + ending;
    }
    return file;
}

} // namespace interleave::ui
