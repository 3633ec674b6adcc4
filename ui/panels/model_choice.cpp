// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/model_choice.h"

#include "engine/models/registry.h"
#include "engine/scenario/program.h"

#include <QComboBox>
#include <QStandardItemModel>

#include <algorithm>
#include <memory>

namespace interleave::ui {

namespace {

/// Looking closer than that would take too long for a click; the run itself says what is wrong.
constexpr std::uint64_t kMostTasksLookedAt = 50'000;

bool isSmall(const scenario::Scenario& scenario) {
    std::uint64_t tasks = 0;
    for (const scenario::TaskTemplate& task : scenario.tasks) {
        tasks += task.count;
    }
    return tasks <= kMostTasksLookedAt;
}

/// A part that is missing is no reason: it can be installed.
QString refusalOf(const models::Model& model, const scenario::Program& program) {
    const auto parameters = models::resolveParameters(model.info(), {});
    if (!parameters) {
        return {};
    }
    const auto able = model.canRun(program, *parameters);
    const bool isRefused = !able && able.error().kind == ErrorKind::BadInput;
    return isRefused ? QString::fromStdString(able.error().message) : QString();
}

} // namespace

ModelChoice::ModelChoice(QComboBox& box)
    : m_box(box)
    , m_refusals(models::allModels().size()) {
    for (const auto& model : models::allModels()) {
        box.addItem(QString::fromStdString(model->info().title),
                    QString::fromStdString(model->info().id));
    }
}

void ModelChoice::offerFor(const scenario::Scenario& scenario) {
    std::ranges::fill(m_refusals, QString());
    if (isSmall(scenario)) {
        const auto program =
            scenario::expand(std::make_shared<const scenario::Scenario>(scenario), scenario.seed);
        for (std::size_t i = 0; program && i < m_refusals.size(); ++i) {
            m_refusals[i] = refusalOf(*models::allModels()[i], *program);
        }
    }
    auto* rows = qobject_cast<QStandardItemModel*>(m_box.model());
    for (int row = 0; rows != nullptr && row < m_box.count(); ++row) {
        rows->item(row)->setEnabled(refusal(row).isEmpty());
        rows->item(row)->setToolTip(refusal(row));
    }
    const int wanted = m_wanted >= 0 ? m_wanted : m_box.currentIndex();
    const auto able = std::ranges::find(m_refusals, QString());
    if (wanted < 0 || able == m_refusals.end()) {
        return;
    }
    const bool isWantedAble = refusal(wanted).isEmpty();
    m_wanted = isWantedAble ? -1 : wanted;
    m_box.setCurrentIndex(isWantedAble ? wanted : static_cast<int>(able - m_refusals.begin()));
}

void ModelChoice::select(int row) {
    chosen();
    m_box.setCurrentIndex(row);
}

} // namespace interleave::ui
