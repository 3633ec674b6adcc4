// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/findings_item_model.h"

#include "ui/panels/icons.h"

namespace interleave::ui {

namespace {

/// Three shapes, so that they are told apart without their colours.
QIcon iconOf(findings::Severity severity, const Theme& theme) {
    switch (severity) {
    case findings::Severity::Problem:
        return iconNamed(QStringLiteral("error"), theme.error);
    case findings::Severity::Warning:
        return iconNamed(QStringLiteral("warning"), theme.warning);
    case findings::Severity::Info:
        break;
    }
    return iconNamed(QStringLiteral("note"), theme.mutedText);
}

} // namespace

QString wordOf(findings::Severity severity) {
    switch (severity) {
    case findings::Severity::Problem:
        return FindingsItemModel::tr("Problem");
    case findings::Severity::Warning:
        return FindingsItemModel::tr("Warning");
    case findings::Severity::Info:
        break;
    }
    return FindingsItemModel::tr("Info");
}

void FindingsItemModel::setFindings(std::vector<findings::Finding> findings) {
    beginResetModel();
    m_findings = std::move(findings);
    endResetModel();
}

void FindingsItemModel::setTheme(const Theme& theme) {
    m_theme = theme;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1), {Qt::DecorationRole});
    }
}

const findings::Finding* FindingsItemModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_findings[static_cast<std::size_t>(row)] : nullptr;
}

int FindingsItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingsItemModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QVariant FindingsItemModel::data(const QModelIndex& index, int role) const {
    const findings::Finding* finding = index.isValid() ? at(index.row()) : nullptr;
    if (finding == nullptr) {
        return {};
    }
    const bool isSeverity = index.column() == Severity;
    const QString message = QString::fromStdString(finding->message);
    switch (role) {
    case Qt::DisplayRole:
        return isSeverity ? wordOf(finding->severity) : message;
    case Qt::AccessibleTextRole:
        return isSeverity ? tr("%1: %2").arg(wordOf(finding->severity), message) : message;
    case Qt::DecorationRole:
        return isSeverity ? QVariant(iconOf(finding->severity, m_theme)) : QVariant();
    case Qt::ToolTipRole:
        return tr("%1 (%2)\nClick or Enter: show what proves it; Left and Right: go through it.")
            .arg(message, QString::fromStdString(finding->kind));
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant FindingsItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == Severity ? tr("How bad") : tr("What stands out");
}

} // namespace interleave::ui
