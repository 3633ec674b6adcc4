// SPDX-License-Identifier: GPL-3.0-or-later
// FindingCard: one finding unfolded: why it is so, what helps, the way through what proves it, and
// the cure that can be tried.
#pragma once

#include "ui/findings/rerun.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include "engine/findings/finding.h"

#include <optional>

class QLabel;
class QPushButton;
class QToolButton;

namespace interleave::ui {

class FindingCard : public QWidget {
    Q_OBJECT

public:
    explicit FindingCard(QWidget* parent = nullptr);

    /// Null: none is chosen.
    void setFinding(const findings::Finding* finding);
    void setRerun(const Rerun& rerun);
    void setTheme(const Theme& theme);
    /// Which proof is looked at, 0 is the first, and what it is; none: nothing yet.
    void setProof(std::optional<std::size_t> index, const QString& what);
    /// "3 of 12"
    QString proofText() const;
    /// What the cure would change, or why it can't be tried.
    QString cureText() const;

Q_SIGNALS:
    void previousWanted();
    void nextWanted();
    void copyWanted();
    void tryWanted();

private:
    void build();
    void showText();
    void showCure();

    std::optional<findings::Finding> m_finding;
    Rerun m_rerun;
    QColor m_muted;
    QToolButton* m_previous;
    QToolButton* m_next;
    QToolButton* m_copy;
    QLabel* m_proof;
    QLabel* m_text;
    QPushButton* m_try;
    QLabel* m_change;
};

} // namespace interleave::ui
