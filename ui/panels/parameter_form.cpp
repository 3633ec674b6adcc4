// SPDX-License-Identifier: GPL-3.0-or-later
// ParameterForm: choices become combo boxes, switches check boxes, the rest lines of text that may
// be written as on the command line ("5 ms").
#include "ui/panels/parameter_form.h"

#include "engine/models/registry.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

QString readable(const std::string& key) {
    QString text = QString::fromStdString(key).replace('_', ' ');
    return text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

std::string valueOf(const QWidget* editor) {
    if (const auto* box = qobject_cast<const QComboBox*>(editor)) {
        return box->currentText().toStdString();
    }
    if (const auto* box = qobject_cast<const QCheckBox*>(editor)) {
        return box->isChecked() ? "true" : "false";
    }
    return qobject_cast<const QLineEdit*>(editor)->text().trimmed().toStdString();
}

void setValue(QWidget* editor, const std::string& value) {
    const QString text = QString::fromStdString(value);
    if (auto* combo = qobject_cast<QComboBox*>(editor)) {
        combo->setCurrentText(text);
    } else if (auto* check = qobject_cast<QCheckBox*>(editor)) {
        check->setChecked(text == QLatin1String("true"));
    } else if (auto* line = qobject_cast<QLineEdit*>(editor)) {
        line->setText(text);
    }
}

} // namespace

ParameterForm::ParameterForm(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QFormLayout)
    , m_errorLabel(new QLabel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(m_layout);
    column->addWidget(m_errorLabel);
    m_layout->setVerticalSpacing(4);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_errorLabel->setWordWrap(true);
    m_errorLabel->setTextFormat(Qt::PlainText);
    m_errorLabel->hide();
}

QWidget* ParameterForm::makeEditor(const models::ParameterInfo& parameter) {
    if (parameter.unit == "choice") {
        auto* combo = new QComboBox(this);
        for (const QString& choice :
             QString::fromStdString(parameter.range).split(',', Qt::SkipEmptyParts)) {
            combo->addItem(choice.trimmed());
        }
        connect(combo, &QComboBox::currentTextChanged, this, &ParameterForm::validate);
        return combo;
    }
    if (parameter.unit == "bool") {
        auto* check = new QCheckBox(this);
        connect(check, &QCheckBox::toggled, this, &ParameterForm::validate);
        return check;
    }
    auto* line = new QLineEdit(this);
    line->setPlaceholderText(QString::fromStdString(parameter.defaultValue));
    connect(line, &QLineEdit::textChanged, this, &ParameterForm::validate);
    return line;
}

void ParameterForm::setModel(const models::ModelInfo& info) {
    m_fields.clear();
    while (m_layout->rowCount() > 0) {
        m_layout->removeRow(0);
    }
    m_info = info;
    for (const models::ParameterInfo& parameter : info.parameters) {
        QWidget* editor = makeEditor(parameter);
        setValue(editor, parameter.defaultValue);
        QString help = QString::fromStdString(parameter.meaning);
        if (!parameter.range.empty()) {
            help += tr("\nAllowed: %1. Default: %2.")
                        .arg(QString::fromStdString(parameter.range),
                             QString::fromStdString(parameter.defaultValue));
        }
        editor->setToolTip(help);
        editor->setObjectName(QString::fromStdString(parameter.key));
        editor->setAccessibleName(readable(parameter.key));
        auto* label = new QLabel(readable(parameter.key), this);
        label->setToolTip(help);
        label->setBuddy(editor);
        m_layout->addRow(label, editor);
        m_fields.push_back({parameter, editor});
    }
    validate();
}

void ParameterForm::setSettings(const Settings& settings) {
    for (const auto& [key, value] : settings) {
        for (const Field& field : m_fields) {
            if (field.info.key == key) {
                setValue(field.editor, value);
            }
        }
    }
}

ParameterForm::Settings ParameterForm::settings() const {
    Settings result;
    for (const Field& field : m_fields) {
        const std::string value = valueOf(field.editor);
        if (!value.empty() && value != field.info.defaultValue) {
            result.emplace_back(field.info.key, value);
        }
    }
    return result;
}

void ParameterForm::validate() {
    const auto resolved = models::resolveParameters(m_info, settings());
    m_error = resolved ? QString() : QString::fromStdString(resolved.error().message);
    m_errorLabel->setText(m_error);
    m_errorLabel->setVisible(!m_error.isEmpty());
    Q_EMIT changed();
}

void ParameterForm::setErrorColour(const QColor& colour) {
    QPalette colours = m_errorLabel->palette();
    colours.setColor(QPalette::WindowText, colour);
    m_errorLabel->setPalette(colours);
}

} // namespace interleave::ui
