// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/left_out.h"

#include "ui/theme/text.h"

#include <algorithm>

namespace interleave::ui {

void LeftOut::add(const QString& model, const QString& reason) {
    auto known = std::ranges::find(m_reasons, reason, &std::pair<QString, QStringList>::first);
    if (known == m_reasons.end()) {
        known = m_reasons.insert(known, {reason, {}});
    }
    if (!known->second.contains(model)) {
        known->second << model;
    }
}

QString LeftOut::text() const {
    QStringList lines;
    for (const auto& [reason, models] : m_reasons) {
        const QString who = models.join(QStringLiteral(", "));
        lines << (models.size() == 1 ? tr("%1 is left out: %2") : tr("%1 are left out: %2"))
                     .arg(who, reason);
    }
    return lines.join(u'\n');
}

} // namespace interleave::ui
