// SPDX-License-Identifier: GPL-3.0-or-later
// GalleryPanel: what stands in the middle before there is a run: what this program is for, and the
// examples, each one click away from its first picture.
#pragma once

#include "engine/program/example_programs.h"
#include "engine/scenario/scenario.h"

#include <QScrollArea>

#include <vector>

class QLabel;

namespace interleave::ui {

class FlowLayout;

class GalleryPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit GalleryPanel(QWidget* parent = nullptr);

    void setScenarios(const std::vector<scenario::Scenario>& scenarios);
    /// Python programs, which are recorded as they are.
    void setPrograms(const std::vector<program::ExampleProgram>& programs);
    /// Under which model a click will run an example.
    void setModelTitle(const QString& title);

Q_SIGNALS:
    void exampleClicked(const QString& scenario);
    void programClicked(const QString& file, const QString& title);
    void recordRequested();
    void openRequested();
    void lessonsRequested();

private:
    QLabel* m_hint;
    QWidget* m_cards;
    FlowLayout* m_flow;
    QWidget* m_programs;
    FlowLayout* m_programFlow;
};

} // namespace interleave::ui
