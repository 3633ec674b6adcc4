// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/record_dialog.h"

#include "engine/program/command_text.h"
#include "engine/program/executable.h"
#include "ui/panels/icons.h"

#include <QCheckBox>
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
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kRecordWidthPx = 620;

QString settingsKey(const char* name) {
    return QStringLiteral("record/") + QLatin1String(name);
}

QLabel* note(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

RecordDialog::RecordDialog(QWidget* parent)
    : QDialog(parent)
    , m_command(new QLineEdit(this))
    , m_folder(new QLineEdit(this))
    , m_hasDuration(new QCheckBox(tr("&End the recording after"), this))
    , m_seconds(new QDoubleSpinBox(this))
    , m_hasLimit(new QCheckBox(tr("E&vents take at most"), this))
    , m_limitMb(new QSpinBox(this))
    , m_recordsGil(new QCheckBox(tr("Python's &interpreter lock: who holds it, who waits"), this))
    , m_seesLocks(new QCheckBox(tr("&Locks of C programs that a Python program starts"), this))
    , m_commandLine(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setWindowTitle(tr("Record a program"));
    m_command->setPlaceholderText(QStringLiteral("python3 script.py"));
    m_command->setObjectName(QStringLiteral("command"));
    m_seconds->setRange(0.1, 86'400);
    m_seconds->setDecimals(1);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("Length of the recording"));
    m_limitMb->setRange(1, 100'000);
    m_limitMb->setSuffix(tr(" MB"));
    m_limitMb->setAccessibleName(tr("Most room for events"));
    m_commandLine->setReadOnly(true);
    m_commandLine->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commandLine->setAccessibleName(tr("Command line that records the same"));
    m_problem->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("problem"));
    QPushButton* record = m_buttons->addButton(tr("&Record"), QDialogButtonBox::AcceptRole);
    record->setIcon(iconNamed(QStringLiteral("run")));
    record->setDefault(true);

    auto* layout = new QVBoxLayout(this);
    layout->addLayout(makeForm());
    layout->addWidget(note(tr("The program runs as it would without us, with this window's "
                              "environment; what it writes appears where the window was started. "
                              "Stop interrupts it, as Ctrl+C in a terminal does."),
                           this));
    layout->addSpacing(6);
    layout->addWidget(new QLabel(tr("The same in a terminal:"), this));
    layout->addWidget(m_commandLine);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(m_buttons);
    loadChoices();

    connect(m_buttons, &QDialogButtonBox::accepted, this, &RecordDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &RecordDialog::reject);
    for (QLineEdit* field : {m_command, m_folder}) {
        connect(field, &QLineEdit::textChanged, this, &RecordDialog::refresh);
    }
    for (QCheckBox* box : {m_hasDuration, m_hasLimit, m_recordsGil, m_seesLocks}) {
        connect(box, &QCheckBox::toggled, this, &RecordDialog::refresh);
    }
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, &RecordDialog::refresh);
    connect(m_limitMb, &QSpinBox::valueChanged, this, &RecordDialog::refresh);
    refresh();
    m_command->selectAll();
    m_command->setFocus();
    resize(kRecordWidthPx, sizeHint().height());
}

QFormLayout* RecordDialog::makeForm() {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Command"), m_command);
    auto* browse = new QToolButton(this);
    browse->setText(tr("…"));
    browse->setToolTip(tr("Choose the folder"));
    browse->setAccessibleName(browse->toolTip());
    connect(browse, &QToolButton::clicked, this, &RecordDialog::chooseFolder);
    auto* folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(browse);
    form->addRow(tr("&Folder"), folderRow);
    if (auto* label = qobject_cast<QLabel*>(form->labelForField(folderRow))) {
        label->setBuddy(m_folder);
    }
    form->addRow(tr("Recorded"), m_recordsGil);
    form->addRow(QString(), m_seesLocks);
    const auto row = [&](const QString& label, QCheckBox* box, QWidget* value) {
        auto* line = new QHBoxLayout;
        line->addWidget(box);
        line->addWidget(value);
        line->addStretch(1);
        form->addRow(label, line);
    };
    row(tr("Until"), m_hasDuration, m_seconds);
    row(QString(), m_hasLimit, m_limitMb);
    return form;
}

QString RecordDialog::folder() const {
    const QString text = m_folder->text().trimmed();
    return text.startsWith(QStringLiteral("~/")) ? QDir::homePath() + text.mid(1) : text;
}

ProgramSetup RecordDialog::setup() const {
    ProgramSetup setup;
    if (const auto words = program::commandWords(m_command->text().toStdString())) {
        for (const std::string& word : *words) {
            setup.command << QString::fromStdString(word);
        }
    }
    setup.folder = folder();
    if (m_hasDuration->isChecked()) {
        setup.seconds = m_seconds->value();
    }
    if (m_hasLimit->isChecked()) {
        setup.limitMb = m_limitMb->value();
    }
    setup.recordsGil = m_recordsGil->isChecked();
    setup.seesLocks = m_seesLocks->isChecked();
    return setup;
}

QString RecordDialog::problem() const {
    const auto words = program::commandWords(m_command->text().toStdString());
    if (!words) {
        return QString::fromStdString(words.error().message);
    }
    if (words->empty()) {
        return tr("Write the command as you would in a terminal.");
    }
    const QFileInfo place(folder());
    if (!folder().isEmpty() && !place.isDir()) {
        return tr("There is no folder %1.").arg(folder());
    }
    // A path is meant from the folder that the program will run in.
    std::string command = words->front();
    if (command.find('/') != std::string::npos && !folder().isEmpty()) {
        command = QDir(folder()).absoluteFilePath(QString::fromStdString(command)).toStdString();
    }
    if (command == m_found) {
        return {};
    }
    const auto found = program::findExecutable(command);
    if (!found) {
        return QString::fromStdString(found.error().message);
    }
    m_found = command;
    return {};
}

QString RecordDialog::commandLine() const {
    const ProgramSetup chosen = setup();
    return commandText(QStringList{QStringLiteral("interleave"), QStringLiteral("record")} +
                       chosen.options() + QStringList{QStringLiteral("--")} + chosen.command);
}

void RecordDialog::refresh() {
    m_seconds->setEnabled(m_hasDuration->isChecked());
    m_limitMb->setEnabled(m_hasLimit->isChecked());
    m_commandLine->setText(commandLine());
    m_commandLine->setCursorPosition(0);
    const QString sentence = problem();
    m_problem->setText(sentence);
    for (QAbstractButton* button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole) {
            button->setEnabled(sentence.isEmpty());
        }
    }
}

void RecordDialog::chooseFolder() {
    const QString chosen =
        QFileDialog::getExistingDirectory(this, tr("Folder of the program"), folder());
    if (!chosen.isEmpty()) {
        m_folder->setText(chosen);
    }
}

void RecordDialog::loadChoices() {
    const QSettings settings;
    m_command->setText(settings.value(settingsKey("command")).toString());
    m_folder->setText(settings.value(settingsKey("folder"), QDir::currentPath()).toString());
    m_recordsGil->setChecked(settings.value(settingsKey("gil"), true).toBool());
    m_seesLocks->setChecked(settings.value(settingsKey("locks"), false).toBool());
    m_hasDuration->setChecked(settings.value(settingsKey("hasDuration"), false).toBool());
    m_seconds->setValue(settings.value(settingsKey("seconds"), 10).toDouble());
    m_hasLimit->setChecked(settings.value(settingsKey("hasLimit"), false).toBool());
    m_limitMb->setValue(settings.value(settingsKey("limitMb"), 500).toInt());
}

void RecordDialog::saveChoices() const {
    QSettings settings;
    settings.setValue(settingsKey("command"), m_command->text());
    settings.setValue(settingsKey("folder"), m_folder->text());
    settings.setValue(settingsKey("gil"), m_recordsGil->isChecked());
    settings.setValue(settingsKey("locks"), m_seesLocks->isChecked());
    settings.setValue(settingsKey("hasDuration"), m_hasDuration->isChecked());
    settings.setValue(settingsKey("seconds"), m_seconds->value());
    settings.setValue(settingsKey("hasLimit"), m_hasLimit->isChecked());
    settings.setValue(settingsKey("limitMb"), m_limitMb->value());
}

void RecordDialog::accept() {
    if (problem().isEmpty()) {
        saveChoices();
        QDialog::accept();
    }
}

} // namespace interleave::ui
