// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/parameter_form.h"

#include "engine/models/registry.h"

#include <QComboBox>
#include <QLineEdit>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

const models::ModelInfo& gilThreads() {
    return (*models::findModel("gil-threads"))->info();
}

QLineEdit* switchInterval(const ParameterForm& form) {
    return form.findChild<QLineEdit*>(QStringLiteral("switch_interval"));
}

TEST(ParameterForm, AsksForNothingThatIsTheDefault) {
    ParameterForm form;
    form.setModel(gilThreads());
    EXPECT_TRUE(form.settings().empty());
    EXPECT_TRUE(form.isValid());
}

TEST(ParameterForm, PassesOnWhatWasChanged) {
    ParameterForm form;
    form.setModel(gilThreads());
    ASSERT_NE(switchInterval(form), nullptr);
    switchInterval(form)->setText(QStringLiteral(" 1 ms "));
    EXPECT_TRUE(form.isValid());
    EXPECT_EQ(form.settings(), (ParameterForm::Settings{{"switch_interval", "1 ms"}}));
}

TEST(ParameterForm, SaysAtOnceWhyAValueCanNotBeUsed) {
    ParameterForm form;
    form.setModel(gilThreads());
    switchInterval(form)->setText(QStringLiteral("-5 ms"));
    EXPECT_FALSE(form.isValid());
    EXPECT_TRUE(form.errorText().contains(QStringLiteral("switch_interval")))
        << form.errorText().toStdString();
    switchInterval(form)->clear(); // empty means the default
    EXPECT_TRUE(form.isValid());
}

TEST(ParameterForm, HasAFieldForEachParameterOfEachModel) {
    ParameterForm form;
    for (const auto& model : models::allModels()) {
        form.setModel(model->info());
        for (const auto& parameter : model->info().parameters) {
            EXPECT_NE(form.findChild<QWidget*>(QString::fromStdString(parameter.key)), nullptr)
                << model->info().id << " " << parameter.key;
        }
        EXPECT_TRUE(form.isValid()) << model->info().id;
        EXPECT_TRUE(form.settings().empty()) << model->info().id;
    }
}

TEST(ParameterForm, TakesTheSettingsOfAnEarlierRun) {
    ParameterForm form;
    form.setModel(gilThreads());
    form.setSettings({{"switch_interval", "2 ms"}, {"of_another_model", "1"}});
    EXPECT_EQ(form.settings(), (ParameterForm::Settings{{"switch_interval", "2 ms"}}));
}

} // namespace
} // namespace interleave::ui
