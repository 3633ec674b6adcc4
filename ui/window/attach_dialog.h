// SPDX-License-Identifier: GPL-3.0-or-later
// AttachDialog: which Celery cluster to follow, by the URL of its broker. The password has a field
// of its own, where nobody can read it, and is never remembered; a URL that is pasted with one is
// taken apart. Under it the command line that does the same.
#pragma once

#include "ui/session/run_setup.h"

#include <QDialog>

class QCheckBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace interleave::ui {

class AttachDialog : public QDialog {
    Q_OBJECT

public:
    explicit AttachDialog(QWidget* parent = nullptr);

    /// What the fields say.
    ClusterSetup setup() const;
    /// What is wrong with it; empty: it can be tried.
    QString problem() const;
    /// Without the password.
    QString commandLine() const;

    void accept() override;

private:
    QFormLayout* makeForm();
    void takePasswordOut();
    void loadChoices();
    void saveChoices() const;
    void refresh();

    QLineEdit* m_url;
    QLineEdit* m_password;
    QCheckBox* m_hasDuration;
    QDoubleSpinBox* m_seconds;
    QCheckBox* m_enablesEvents;
    QLineEdit* m_commandLine;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace interleave::ui
