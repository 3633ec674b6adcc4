// SPDX-License-Identifier: GPL-3.0-or-later
// LeftOut: the models that are not among several runs, and why, in few sentences.
#pragma once

#include <QStringList>

#include <utility>
#include <vector>

namespace interleave::ui {

class LeftOut {
public:
    void add(const QString& model, const QString& reason);
    bool isEmpty() const { return m_reasons.empty(); }
    /// "celery, pika are left out: ...", a line for each reason.
    QString text() const;

private:
    std::vector<std::pair<QString, QStringList>> m_reasons; // with the models
};

} // namespace interleave::ui
