// SPDX-License-Identifier: GPL-3.0-or-later
// AttachDialog: which Celery cluster to follow, by the URL of its broker. The password has a field
// of its own, where nobody can read it, and is never remembered; a URL that is pasted with one is
// taken apart. Under it the command line that does the same.
#pragma once

#include "ui/session/run_setup.h"
#include "ui/window/command_dialog.h"

namespace interleave::ui {

class AttachDialog : public CommandDialog {
    Q_OBJECT

public:
    explicit AttachDialog(QWidget* parent = nullptr);

    /// What the fields say.
    ClusterSetup setup() const;
    QString problem() const override;
    QString commandLine() const override;

private:
    QFormLayout* makeForm();
    void takePasswordOut();
    void loadChoices();
    void saveChoices() const override;

    QLineEdit* m_url;
    QLineEdit* m_password;
    QCheckBox* m_enablesEvents;
};

} // namespace interleave::ui
