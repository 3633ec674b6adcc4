// SPDX-License-Identifier: GPL-3.0-or-later
// RecordDialog: which program to record, where it runs and what is recorded of it; under it the
// command line that does the same. What was chosen last is remembered.
#pragma once

#include "ui/session/run_setup.h"
#include "ui/window/command_dialog.h"

#include <string>

class QSpinBox;

namespace interleave::ui {

class RecordDialog : public CommandDialog {
    Q_OBJECT

public:
    explicit RecordDialog(QWidget* parent = nullptr);

    /// What the fields say.
    ProgramSetup setup() const;
    QString problem() const override;
    QString commandLine() const override;

private:
    QFormLayout* makeForm();
    void loadChoices();
    void saveChoices() const override;
    void refresh() override;
    void chooseFolder();
    QString folder() const;

    QLineEdit* m_command;
    QLineEdit* m_folder;
    QCheckBox* m_hasLimit;
    QSpinBox* m_limitMb;
    QCheckBox* m_recordsGil;
    QCheckBox* m_seesLocks;
    /// Can be started. Not looked into again with every letter of its arguments: it may be large.
    mutable std::string m_found;
};

} // namespace interleave::ui
