// SPDX-License-Identifier: GPL-3.0-or-later
// ScenarioCard: an example to click, a scenario or a program, with what it is about. One click runs
// it.
#pragma once

#include "engine/program/example_programs.h"
#include "engine/scenario/scenario.h"

#include <QAbstractButton>

namespace interleave::ui {

class ScenarioCard : public QAbstractButton {
    Q_OBJECT

public:
    explicit ScenarioCard(const scenario::Scenario& scenario, QWidget* parent = nullptr);
    explicit ScenarioCard(const program::ExampleProgram& program, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    const QString& reference() const { return m_reference; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void initialise();

    QString m_reference;
    QString m_title;
    QString m_about;
    QString m_facts;
};

} // namespace interleave::ui
