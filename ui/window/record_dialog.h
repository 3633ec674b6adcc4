// SPDX-License-Identifier: GPL-3.0-or-later
// RecordDialog: which program to record, where it runs and what is recorded of it; under it the
// command line that does the same. What was chosen last is remembered.
#pragma once

#include "ui/session/run_setup.h"

#include <QDialog>

#include <string>

class QCheckBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace interleave::ui {

class RecordDialog : public QDialog {
    Q_OBJECT

public:
    explicit RecordDialog(QWidget* parent = nullptr);

    /// What the fields say.
    ProgramSetup setup() const;
    /// What is wrong with it; empty: it can be recorded.
    QString problem() const;
    QString commandLine() const;

    void accept() override;

private:
    QFormLayout* makeForm();
    void loadChoices();
    void saveChoices() const;
    void refresh();
    void chooseFolder();
    QString folder() const;

    QLineEdit* m_command;
    QLineEdit* m_folder;
    QCheckBox* m_hasDuration;
    QDoubleSpinBox* m_seconds;
    QCheckBox* m_hasLimit;
    QSpinBox* m_limitMb;
    QCheckBox* m_recordsGil;
    QCheckBox* m_seesLocks;
    QLineEdit* m_commandLine;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    /// Can be started. Not looked into again with every letter of its arguments: it may be large.
    mutable std::string m_found;
};

} // namespace interleave::ui
