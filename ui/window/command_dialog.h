// SPDX-License-Identifier: GPL-3.0-or-later
// CommandDialog: what dialogs have in common that make a recording of something which is not ours:
// for how long, what is wrong, the command line that does the same, and the buttons.
#pragma once

#include <QDialog>

#include <optional>

class QCheckBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace interleave::ui {

class CommandDialog : public QDialog {
    Q_OBJECT

public:
    /// What is wrong with the fields; empty: nothing.
    virtual QString problem() const = 0;
    /// Without any password.
    virtual QString commandLine() const = 0;

    void accept() override;

protected:
    struct Texts {
        QString title, action; // action: of the button that accepts
        QString note;          // what happens then
    };
    explicit CommandDialog(const Texts& texts, QWidget* parent);

    /// Last in the constructor: `form` on top, the rest under it.
    void layOut(QFormLayout* form, int widthPx);
    /// A row: the box, and the value that it turns on.
    static void addRow(QFormLayout* form, const QString& label, QCheckBox* box, QWidget* value);
    void addDuration(QFormLayout* form);
    std::optional<double> seconds() const;
    void loadDuration(const QString& group, double seconds);
    void saveDuration(const QString& group) const;
    virtual void saveChoices() const = 0;
    /// Whenever a field has changed.
    virtual void refresh();

private:
    Texts m_texts;
    QCheckBox* m_hasDuration;
    QDoubleSpinBox* m_seconds;
    QLineEdit* m_commandLine;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace interleave::ui
