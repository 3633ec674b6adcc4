// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_dialog.h"

#include "ui/panels/icons.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace interleave::ui {

CommandDialog::CommandDialog(const Texts& texts, QWidget* parent)
    : QDialog(parent)
    , m_texts(texts)
    , m_hasDuration(new QCheckBox(tr("&End the recording after"), this))
    , m_seconds(new QDoubleSpinBox(this))
    , m_commandLine(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setWindowTitle(texts.title);
    m_seconds->setRange(0.1, 86'400);
    m_seconds->setDecimals(1);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("Length of the recording"));
    m_commandLine->setReadOnly(true);
    m_commandLine->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commandLine->setAccessibleName(tr("Command line that does the same"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setObjectName(QStringLiteral("problem"));
    QPushButton* button = m_buttons->addButton(texts.action, QDialogButtonBox::AcceptRole);
    button->setIcon(iconNamed(QStringLiteral("run")));
    button->setDefault(true);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &CommandDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &CommandDialog::reject);
    connect(m_hasDuration, &QCheckBox::toggled, this, &CommandDialog::refresh);
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, &CommandDialog::refresh);
}

void CommandDialog::layOut(QFormLayout* form, int widthPx) {
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    auto* note = new QLabel(m_texts.note, this);
    note->setWordWrap(true);
    note->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(note);
    layout->addSpacing(6);
    layout->addWidget(new QLabel(tr("The same in a terminal:"), this));
    layout->addWidget(m_commandLine);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(m_buttons);
    refresh();
    resize(widthPx, sizeHint().height());
}

void CommandDialog::addRow(QFormLayout* form, const QString& label, QCheckBox* box,
                           QWidget* value) {
    auto* line = new QHBoxLayout;
    line->addWidget(box);
    line->addWidget(value);
    line->addStretch(1);
    form->addRow(label, line);
}

void CommandDialog::addDuration(QFormLayout* form) {
    addRow(form, tr("Until"), m_hasDuration, m_seconds);
}

std::optional<double> CommandDialog::seconds() const {
    return m_hasDuration->isChecked() ? std::optional(m_seconds->value()) : std::nullopt;
}

void CommandDialog::loadDuration(const QString& group, double seconds) {
    const QSettings settings;
    m_hasDuration->setChecked(settings.value(group + QStringLiteral("/hasDuration")).toBool());
    m_seconds->setValue(settings.value(group + QStringLiteral("/seconds"), seconds).toDouble());
}

void CommandDialog::saveDuration(const QString& group) const {
    QSettings settings;
    settings.setValue(group + QStringLiteral("/hasDuration"), m_hasDuration->isChecked());
    settings.setValue(group + QStringLiteral("/seconds"), m_seconds->value());
}

void CommandDialog::refresh() {
    m_seconds->setEnabled(m_hasDuration->isChecked());
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

void CommandDialog::accept() {
    if (problem().isEmpty()) {
        saveChoices();
        QDialog::accept();
    }
}

} // namespace interleave::ui
