// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/record_dialog.h"

#include "engine/program/command_text.h"
#include "engine/program/executable.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>

namespace interleave::ui {

namespace {

constexpr int kRecordWidthPx = 620;
constexpr double kRecordUsualSeconds = 10;

const QString kRecordGroup = QStringLiteral("record");

QString settingsKey(const char* name) {
    return kRecordGroup + QLatin1Char('/') + QLatin1String(name);
}

} // namespace

RecordDialog::RecordDialog(QWidget* parent)
    : CommandDialog({tr("Record a program"), tr("&Record"),
                     tr("The program runs as it would without us, with this window's "
                        "environment; what it writes appears where the window was started. "
                        "Stop interrupts it, as Ctrl+C in a terminal does.")},
                    parent)
    , m_command(new QLineEdit(this))
    , m_folder(new QLineEdit(this))
    , m_hasLimit(new QCheckBox(tr("E&vents take at most"), this))
    , m_limitMb(new QSpinBox(this))
    , m_recordsGil(new QCheckBox(tr("Python's &interpreter lock: who holds it, who waits"), this))
    , m_seesLocks(new QCheckBox(tr("&Locks of C programs that a Python program starts"), this)) {
    m_command->setPlaceholderText(QStringLiteral("python3 script.py"));
    m_command->setObjectName(QStringLiteral("command"));
    m_limitMb->setRange(1, 100'000);
    m_limitMb->setSuffix(tr(" MB"));
    m_limitMb->setAccessibleName(tr("Most room for events"));
    loadChoices();
    layOut(makeForm(), kRecordWidthPx);
    for (QLineEdit* field : {m_command, m_folder}) {
        connect(field, &QLineEdit::textChanged, this, &RecordDialog::refresh);
    }
    for (QCheckBox* box : {m_hasLimit, m_recordsGil, m_seesLocks}) {
        connect(box, &QCheckBox::toggled, this, &RecordDialog::refresh);
    }
    connect(m_limitMb, &QSpinBox::valueChanged, this, &RecordDialog::refresh);
    m_command->selectAll();
    m_command->setFocus();
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
    addDuration(form);
    addRow(form, QString(), m_hasLimit, m_limitMb);
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
    setup.seconds = seconds();
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
    m_limitMb->setEnabled(m_hasLimit->isChecked());
    CommandDialog::refresh();
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
    loadDuration(kRecordGroup, kRecordUsualSeconds);
    m_hasLimit->setChecked(settings.value(settingsKey("hasLimit"), false).toBool());
    m_limitMb->setValue(settings.value(settingsKey("limitMb"), 500).toInt());
}

void RecordDialog::saveChoices() const {
    QSettings settings;
    settings.setValue(settingsKey("command"), m_command->text());
    settings.setValue(settingsKey("folder"), m_folder->text());
    settings.setValue(settingsKey("gil"), m_recordsGil->isChecked());
    settings.setValue(settingsKey("locks"), m_seesLocks->isChecked());
    saveDuration(kRecordGroup);
    settings.setValue(settingsKey("hasLimit"), m_hasLimit->isChecked());
    settings.setValue(settingsKey("limitMb"), m_limitMb->value());
}

} // namespace interleave::ui
