// SPDX-License-Identifier: GPL-3.0-or-later
// ExportDialog: fields at the left, the picture at the right, the command line under both.
#include "ui/window/export_dialog.h"

#include "ui/export/export_command.h"
#include "ui/export/export_view.h"
#include "ui/panels/guide_panel.h"
#include "ui/panels/icons.h"
#include "ui/window/preview_view.h"
#include "ui/window/recent_files.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace interleave::ui {

namespace {

enum class Unit { None, Px, Mm }; // None: the size is the view's own

struct SizePreset {
    const char* name;
    Unit unit;
    double width; // 0: the user says
    double height;
};

constexpr std::array<SizePreset, 7> kSizes{{
    {QT_TRANSLATE_NOOP("ExportDialog", "As the view needs"), Unit::None, 0, 0},
    {QT_TRANSLATE_NOOP("ExportDialog", "Slide, 16:9"), Unit::Px, 1280, 720},
    {QT_TRANSLATE_NOOP("ExportDialog", "Full HD, 16:9"), Unit::Px, 1920, 1080},
    {QT_TRANSLATE_NOOP("ExportDialog", "A4 landscape"), Unit::Mm, 297, 210},
    {QT_TRANSLATE_NOOP("ExportDialog", "Column of a page, 84 mm"), Unit::Mm, 84, 60},
    {QT_TRANSLATE_NOOP("ExportDialog", "Own size in pixels"), Unit::Px, 0, 0},
    {QT_TRANSLATE_NOOP("ExportDialog", "Own size in millimetres"), Unit::Mm, 0, 0},
}};
constexpr std::array<int, 6> kDotsPerInch{96, 150, 192, 288, 300, 600};
constexpr double kPxPerInch = 96;

QString keyFor(ExportFormat format, const char* name) {
    return QStringLiteral("export/%1/%2").arg(nameOf(format), QLatin1String(name));
}

QDoubleSpinBox* lengthBox(QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setDecimals(0);
    box->setRange(1, 8000);
    box->setKeyboardTracking(false);
    return box;
}

} // namespace

ExportDialog::ExportDialog(ExportSubject subject, QWidget* parent)
    : QDialog(parent)
    , m_subject(std::move(subject)) {
    setWindowTitle(tr("Export image"));
    makeFields();
    auto* columns = new QHBoxLayout;
    auto* left = new QVBoxLayout;
    left->addLayout(makeForm());
    left->addStretch(1);
    left->addWidget(m_facts);
    columns->addLayout(left);
    columns->addWidget(m_preview, 1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(columns, 1);
    layout->addLayout(makeFoot());
    const QSettings settings;
    m_format->setCurrentIndex(settings.value(QStringLiteral("export/format"), 0).toInt());
    loadChoices();
    connectFields();
    refresh();
    resize(980, 560);
}

void ExportDialog::makeFields() {
    m_view = new QComboBox(this);
    for (int i = 0; i < kViewKinds; ++i) {
        m_view->addItem(titleOf(static_cast<ViewKind>(i)));
    }
    m_view->setCurrentIndex(static_cast<int>(m_subject.view));
    m_range = new QComboBox(this);
    m_range->addItems({tr("The whole run"), tr("What is visible")});
    if (m_subject.selected) {
        m_range->addItem(tr("The selected range"));
    }
    m_format = new QComboBox(this);
    m_format->addItems({tr("PNG, pixels"), tr("SVG, vectors"), tr("PDF, vectors")});
    m_size = new QComboBox(this);
    for (const SizePreset& preset : kSizes) {
        m_size->addItem(tr(preset.name));
    }
    m_width = lengthBox(this);
    m_height = lengthBox(this);
    m_scale = new QComboBox(this);
    for (const int dots : kDotsPerInch) {
        m_scale->addItem(tr("%1 dots per inch (%2 ×)").arg(dots).arg(dots / kPxPerInch, 0, 'g', 3));
    }
    m_theme = new QComboBox(this);
    m_theme->addItems({tr("Light"), tr("Dark"), tr("Print, readable without colour")});
    m_rows = new QComboBox(this);
    m_rows->addItems({tr("Tasks"), tr("Workers"), tr("Cores")});
    m_rows->setCurrentIndex(static_cast<int>(m_subject.grouping));
    m_legend = new QCheckBox(tr("&Legend"), this);
    m_caption = new QCheckBox(tr("Title and &facts"), this);
    m_preview = new PreviewView(this);
    m_facts = new QLabel(this);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_facts->setWordWrap(true);
}

QFormLayout* ExportDialog::makeForm() {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&View"), m_view);
    form->addRow(tr("&Time"), m_range);
    form->addRow(tr("&Rows"), m_rows);
    form->addRow(tr("F&ormat"), m_format);
    form->addRow(tr("&Size"), m_size);
    auto* own = new QHBoxLayout;
    own->addWidget(m_width, 1);
    own->addWidget(new QLabel(QStringLiteral("×"), this));
    own->addWidget(m_height, 1);
    m_width->setAccessibleName(tr("Width"));
    m_height->setAccessibleName(tr("Height"));
    form->addRow(QString(), own);
    form->addRow(tr("S&harpness"), m_scale);
    form->addRow(tr("&Colours"), m_theme);
    auto* parts = new QHBoxLayout;
    parts->addWidget(m_legend);
    parts->addWidget(m_caption);
    parts->addStretch(1);
    form->addRow(tr("With"), parts);
    return form;
}

QLayout* ExportDialog::makeFoot() {
    m_command = new QLineEdit(this);
    m_command->setReadOnly(true);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_command->setAccessibleName(tr("The command line that makes the same picture"));
    auto* copy = new QPushButton(tr("Cop&y command"), this);
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(commandLine()); });
    auto* command = new QHBoxLayout;
    command->addWidget(m_command, 1);
    command->addWidget(copy);
    m_note = new QLabel(this);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setWordWrap(true);
    m_error = new QLabel(this);
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setAutoFillBackground(true);
    m_error->setFrameShape(QFrame::Box);
    m_error->setMargin(6);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_error->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* write = buttons->addButton(tr("&Export…"), QDialogButtonBox::ActionRole);
    write->setDefault(true);
    connect(write, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* foot = new QVBoxLayout;
    foot->addSpacing(4);
    foot->addLayout(command);
    foot->addWidget(m_note);
    foot->addWidget(m_error);
    foot->addWidget(buttons);
    return foot;
}

void ExportDialog::connectFields() {
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::onFormatChanged);
    connect(m_size, &QComboBox::currentIndexChanged, this, &ExportDialog::onSizeChanged);
    for (QComboBox* box : {m_view, m_range, m_scale, m_theme, m_rows}) {
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
    }
    for (QCheckBox* box : {m_legend, m_caption}) {
        connect(box, &QCheckBox::toggled, this, &ExportDialog::refresh);
    }
    for (QDoubleSpinBox* box : {m_width, m_height}) {
        connect(box, &QDoubleSpinBox::valueChanged, this, &ExportDialog::refresh);
    }
    connect(m_preview, &PreviewView::painted, this, &ExportDialog::showOwnSize);
    connect(m_preview, &PreviewView::failed, this, [this](const QString& sentence) {
        m_facts->clear();
        showError(sentence);
    });
}

ExportFormat ExportDialog::format() const {
    return static_cast<ExportFormat>(m_format->currentIndex());
}

bool ExportDialog::isComparing() const {
    return m_view->currentIndex() == static_cast<int>(ExportView::Compare);
}

void ExportDialog::loadChoices() {
    m_isLoading = true;
    const QSettings settings;
    const ExportFormat chosen = format();
    const bool isPixels = chosen == ExportFormat::Png;
    const auto theme = isPixels ? ThemeKind::Light : ThemeKind::Print; // vectors go to paper
    m_size->setCurrentIndex(settings.value(keyFor(chosen, "size"), 0).toInt());
    onSizeChanged();
    if (settings.contains(keyFor(chosen, "width"))) {
        m_width->setValue(settings.value(keyFor(chosen, "width")).toDouble());
        m_height->setValue(settings.value(keyFor(chosen, "height")).toDouble());
    }
    m_scale->setCurrentIndex(settings.value(keyFor(chosen, "scale"), 2).toInt());
    m_theme->setCurrentIndex(
        settings.value(keyFor(chosen, "theme"), static_cast<int>(theme)).toInt());
    m_legend->setChecked(settings.value(keyFor(chosen, "legend"), true).toBool());
    m_caption->setChecked(settings.value(keyFor(chosen, "caption"), true).toBool());
    m_isLoading = false;
}

void ExportDialog::saveChoices() const {
    QSettings settings;
    const ExportFormat chosen = format();
    settings.setValue(QStringLiteral("export/format"), m_format->currentIndex());
    settings.setValue(keyFor(chosen, "size"), m_size->currentIndex());
    settings.setValue(keyFor(chosen, "width"), m_width->value());
    settings.setValue(keyFor(chosen, "height"), m_height->value());
    settings.setValue(keyFor(chosen, "scale"), m_scale->currentIndex());
    settings.setValue(keyFor(chosen, "theme"), m_theme->currentIndex());
    settings.setValue(keyFor(chosen, "legend"), m_legend->isChecked());
    settings.setValue(keyFor(chosen, "caption"), m_caption->isChecked());
}

void ExportDialog::onFormatChanged() {
    loadChoices();
    refresh();
}

void ExportDialog::onSizeChanged() {
    const SizePreset& preset =
        kSizes[static_cast<std::size_t>(std::max(0, m_size->currentIndex()))];
    const QSignalBlocker quietWidth(m_width);
    const QSignalBlocker quietHeight(m_height);
    const bool isOwn = preset.unit != Unit::None && preset.width == 0;
    const bool isMm = preset.unit == Unit::Mm;
    for (QDoubleSpinBox* box : {m_width, m_height}) {
        const bool wasMm = box->suffix() == tr(" mm");
        box->setSuffix(isMm ? tr(" mm") : tr(" px"));
        box->setRange(isMm ? 20 : 100, isMm ? 2000 : 8000);
        box->setEnabled(isOwn);
        if (isOwn && wasMm != isMm) { // the same size in the other unit
            box->setValue(isMm ? box->value() * 25.4 / kPxPerInch
                               : box->value() * kPxPerInch / 25.4);
        }
    }
    if (preset.width > 0) {
        m_width->setValue(preset.width);
        m_height->setValue(preset.height);
    }
    if (!m_isLoading) {
        refresh();
    }
}

ExportRequest ExportDialog::request() const {
    ExportRequest request;
    request.view = static_cast<ExportView>(m_view->currentIndex());
    request.format = format();
    request.theme = static_cast<ThemeKind>(m_theme->currentIndex());
    request.grouping = static_cast<Grouping>(m_rows->currentIndex());
    request.hidden = m_subject.hidden;
    request.hasLegend = m_legend->isChecked();
    request.hasCaption = m_caption->isChecked();
    if (m_range->isEnabled() && m_range->currentIndex() == 1) {
        request.range = m_subject.visible;
    } else if (m_range->isEnabled() && m_range->currentIndex() == 2) {
        request.range = m_subject.selected;
    }
    if (request.view == ExportView::Topology || request.view == ExportView::Kitchen) {
        request.at = m_subject.at;
    }
    const Unit unit = kSizes[static_cast<std::size_t>(m_size->currentIndex())].unit;
    if (unit == Unit::Px) {
        request.size = QSizeF(m_width->value(), m_height->value());
    } else if (unit == Unit::Mm) {
        request.size = sizeFromMm(m_width->value(), m_height->value());
    }
    request.scale = kDotsPerInch[static_cast<std::size_t>(m_scale->currentIndex())] / kPxPerInch;
    request.output = QStringLiteral("%1-%2.%3")
                         .arg(m_subject.suggestedFile, nameOf(request.view), nameOf(request.format))
                         .toStdString();
    return request;
}

std::vector<RecordingPtr> ExportDialog::recordings() const {
    if (isComparing()) {
        return m_subject.compared;
    }
    return {m_subject.shown};
}

QStringList ExportDialog::recordingFiles() const {
    QStringList files = isComparing() ? m_subject.comparedFiles : QStringList(m_subject.shownFile);
    for (qsizetype i = 0; i < files.size(); ++i) {
        if (files[i].isEmpty()) {
            const QString number = files.size() > 1 ? QStringLiteral("-%1").arg(i + 1) : QString();
            files[i] = m_subject.suggestedFile + number + QStringLiteral(".ilv");
        }
    }
    return files;
}

QString ExportDialog::commandLine() const {
    return exportCommandLine(recordingFiles(), request());
}

void ExportDialog::refresh() {
    if (m_isLoading) {
        return;
    }
    const bool isGantt = m_view->currentIndex() == static_cast<int>(ExportView::Gantt);
    m_range->setEnabled(!isComparing());
    m_rows->setEnabled(isGantt);
    m_scale->setToolTip(format() == ExportFormat::Png
                            ? QString()
                            : tr("Of stretches with more spans than pixels; all else is vectors."));
    m_error->hide();
    m_command->setText(commandLine());
    m_command->setCursorPosition(0);
    const QStringList known =
        isComparing() ? m_subject.comparedFiles : QStringList(m_subject.shownFile);
    m_note->setText(known.contains(QString())
                        ? tr("Makes the same picture once the recording is saved under this name.")
                        : tr("Makes the same picture, byte for byte."));
    m_preview->show({recordings(), request()});
}

void ExportDialog::showOwnSize(QSizeF size) {
    const ExportRequest wanted = request();
    if (!wanted.size) { // not the user's to choose, but good to know
        const QSignalBlocker quietWidth(m_width);
        const QSignalBlocker quietHeight(m_height);
        m_width->setValue(size.width());
        m_height->setValue(size.height());
    }
    const QSize pixels = (size * wanted.scale).toSize();
    const QSizeF mm = size * 25.4 / kPxPerInch;
    const QString onPaper = tr("%1 × %2 mm").arg(mm.width(), 0, 'f', 0).arg(mm.height(), 0, 'f', 0);
    m_facts->setText(wanted.format == ExportFormat::Png
                         ? tr("%1 × %2 pixels\n%3 on paper")
                               .arg(pixels.width())
                               .arg(pixels.height())
                               .arg(onPaper)
                         : tr("%1 on paper,\nsharp at any size").arg(onPaper));
}

void ExportDialog::chooseFile() {
    const QString ending = nameOf(format());
    const QString name = QString::fromStdString(request().output.string());
    QString file =
        QFileDialog::getSaveFileName(this, tr("Export image"), QDir(lastFolder()).filePath(name),
                                     QStringLiteral("%1 (*.%2)").arg(ending.toUpper(), ending));
    if (file.isEmpty()) {
        return;
    }
    if (QFileInfo(file).suffix().toLower() != ending) {
        file += QLatin1Char('.') + ending;
    }
    exportTo(file);
}

void ExportDialog::exportTo(const QString& file) {
    ExportRequest wanted = request();
    wanted.output = file.toStdString();
    saveChoices();
    QApplication::setOverrideCursor(Qt::WaitCursor);
    const auto written = exportView(recordings(), wanted);
    QApplication::restoreOverrideCursor();
    if (!written) {
        showError(QString::fromStdString(written.error().message));
        return;
    }
    m_writtenFile = file;
    accept();
}

QString ExportDialog::errorSentence() const {
    return m_error->isHidden() ? QString() : m_error->text();
}

void ExportDialog::showError(const QString& sentence) {
    m_error->setText(sentence);
    m_error->show();
}

} // namespace interleave::ui
