// SPDX-License-Identifier: GPL-3.0-or-later
// ParameterForm: a field for each parameter of a model, made from what the model says about it, so
// that a new parameter needs no line here. The model's own check decides what is valid.
#pragma once

#include "engine/models/model.h"

#include <QWidget>

#include <utility>
#include <vector>

class QFormLayout;
class QLabel;

namespace interleave::ui {

class ParameterForm : public QWidget {
    Q_OBJECT

public:
    using Settings = std::vector<std::pair<std::string, std::string>>;

    explicit ParameterForm(QWidget* parent = nullptr);

    /// Shows the model's parameters at their defaults.
    void setModel(const models::ModelInfo& info);
    /// Sets fields; keys that the model doesn't have are ignored.
    void setSettings(const Settings& settings);
    /// What differs from the defaults.
    Settings settings() const;
    bool isValid() const { return m_error.isEmpty(); }
    /// Why a value can't be used; empty if all can.
    QString errorText() const { return m_error; }
    void setErrorColour(const QColor& colour);

Q_SIGNALS:
    void changed();

private:
    struct Field {
        models::ParameterInfo info;
        QWidget* editor;
    };
    QWidget* makeEditor(const models::ParameterInfo& parameter);
    void validate();

    models::ModelInfo m_info;
    std::vector<Field> m_fields;
    QFormLayout* m_layout;
    QLabel* m_errorLabel;
    QString m_error;
};

} // namespace interleave::ui
