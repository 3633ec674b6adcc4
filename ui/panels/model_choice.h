// SPDX-License-Identifier: GPL-3.0-or-later
// ModelChoice: the models in a box, in the order of the registry. Those that can't run the chosen
// scenario are greyed and say why; where the chosen one can't, another one takes its place until
// there is a scenario that it can run again.
#pragma once

#include "engine/models/model.h"
#include "engine/scenario/scenario.h"

#include <QString>

#include <vector>

class QComboBox;

namespace interleave::ui {

class ModelChoice {
public:
    /// Fills the box, which outlives this.
    explicit ModelChoice(QComboBox& box);

    void offerFor(const scenario::Scenario& scenario);
    /// The user's or the caller's own choice, which is not taken back.
    void select(int row);
    void chosen() { m_wanted = -1; }
    /// Why the model of a row can't run the scenario; empty where it can, as far as is known
    /// before the run.
    const QString& refusal(int row) const { return m_refusals[static_cast<std::size_t>(row)]; }

private:
    QComboBox& m_box;
    std::vector<QString> m_refusals; // by row
    int m_wanted = -1;               // the row that another one stands in for; -1: none
};

} // namespace interleave::ui
