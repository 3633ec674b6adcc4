// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/play_form.h"

#include "engine/models/registry.h"
#include "ui/lessons/lesson_text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kResultHeightPx = 150;

QString readableKey(const std::string& key) {
    QString text = QString::fromStdString(key).replace('_', ' ');
    return text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

} // namespace

PlayForm::PlayForm(const lesson::Lesson& lesson, const lesson::LessonRun& run, QWidget* parent)
    : QWidget(parent)
    , m_run(run)
    , m_form(new QFormLayout)
    , m_problem(new QLabel)
    , m_again(new QPushButton(tr("Run again")))
    , m_result(new LessonText(tr("What came of it"))) {
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    for (const lesson::Play& play : lesson.plays) {
        if (play.run == run.name) {
            addField(play.key, play.values, QString::fromStdString(play.about));
        }
    }
    const bool isExercise = lesson.exercise && lesson.exercise->run == run.name;
    if (isExercise && run.programName.empty()) {
        addField("model", {}, {});
        addField("workers", {}, {});
        m_others = new QLineEdit;
        m_others->setPlaceholderText(tr("key = value, key = value"));
        m_others->setAccessibleName(tr("Other parameters of the model"));
        m_form->addRow(tr("&Others"), m_others);
    }
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    m_result->setMinimumHeight(kResultHeightPx);
    m_result->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_form);
    column->addWidget(m_problem);
    column->addWidget(m_again, 0, Qt::AlignLeft);
    column->addWidget(m_result);
    connect(m_again, &QPushButton::clicked, this, &PlayForm::runAgain);
}

/// As the run has it, whoever said so: the lesson, or the model's default.
QString PlayForm::currentValue(const std::string& key) const {
    if (key == "model") {
        return QString::fromStdString(m_run.model);
    }
    if (key == "workers") {
        return m_run.workers ? QString::number(*m_run.workers) : QString();
    }
    const auto own =
        std::ranges::find(m_run.settings, key, &std::pair<std::string, std::string>::first);
    if (own != m_run.settings.end()) {
        return QString::fromStdString(own->second);
    }
    if (const auto model = models::findModel(m_run.model)) {
        for (const models::ParameterInfo& parameter : (*model)->info().parameters) {
            if (parameter.key == key) {
                return QString::fromStdString(parameter.defaultValue);
            }
        }
    }
    return {};
}

void PlayForm::addField(const std::string& key, const std::vector<std::string>& values,
                        const QString& about) {
    if (std::ranges::find(m_fields, key, &Field::key) != m_fields.end()) {
        return;
    }
    auto* editor = new QComboBox;
    const QString initial = currentValue(key);
    QStringList items{initial};
    for (const std::string& value : values) {
        items << QString::fromStdString(value);
    }
    if (key == "model") {
        for (const auto& model : models::allModels()) {
            items << QString::fromStdString(model->info().id);
        }
    }
    items.removeDuplicates();
    editor->addItems(items);
    editor->setEditable(key != "model");
    editor->setInsertPolicy(QComboBox::NoInsert);
    editor->setCurrentText(initial);
    editor->setMinimumContentsLength(8);
    editor->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    editor->setToolTip(about);
    editor->setAccessibleName(readableKey(key));
    editor->setAccessibleDescription(about);
    editor->setObjectName(QStringLiteral("play-") + QString::fromStdString(key));
    m_form->addRow(readableKey(key), editor);
    if (!about.isEmpty()) {
        auto* line = new QLabel(about);
        line->setWordWrap(true);
        line->setTextFormat(Qt::PlainText);
        line->setForegroundRole(QPalette::PlaceholderText);
        m_form->addRow(line);
    }
    m_fields.push_back({key, editor, initial});
}

std::vector<lesson::Change> PlayForm::changes() const {
    std::vector<lesson::Change> changes;
    for (const Field& field : m_fields) {
        const QString text = field.editor->currentText().trimmed();
        if (text != field.initial && !text.isEmpty()) {
            changes.emplace_back(field.key, text.toStdString());
        }
    }
    const QString others = m_others != nullptr ? m_others->text() : QString();
    for (const QString& each : others.split(',', Qt::SkipEmptyParts)) {
        changes.emplace_back(each.section('=', 0, 0).trimmed().toStdString(),
                             each.section('=', 1).trimmed().toStdString());
    }
    return changes;
}

void PlayForm::setValue(const std::string& key, const QString& value) {
    const auto field = std::ranges::find(m_fields, key, &Field::key);
    if (field != m_fields.end()) {
        field->editor->setCurrentText(value);
    }
}

void PlayForm::runAgain() {
    const auto wanted = changes();
    auto changed = lesson::changedRun(m_run, wanted);
    if (!changed) {
        say(QString::fromStdString(changed.error().message));
        return;
    }
    say({});
    Q_EMIT runRequested(*changed);
}

void PlayForm::say(const QString& problem) {
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

QString PlayForm::problem() const {
    return m_problem->text();
}

void PlayForm::setRunEnabled(bool isEnabled) {
    m_again->setEnabled(isEnabled);
}

void PlayForm::showResult(const QString& html) {
    m_result->setHtml(html);
    m_result->show();
}

void PlayForm::setTheme(const Theme& theme) {
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, theme.error);
    m_problem->setPalette(palette);
}

} // namespace interleave::ui
