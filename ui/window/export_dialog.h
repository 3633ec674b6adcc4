// SPDX-License-Identifier: GPL-3.0-or-later
// ExportDialog: what shall be in the picture, how large, in which colours and format; with a
// preview made by the same painters. It chooses; exportView() writes.
#pragma once

#include "ui/export/export_request.h"
#include "ui/session/session_tail.h"

#include <QDialog>
#include <QTimer>

#include <vector>

class QComboBox;
class QLabel;
class QSpinBox;

namespace interleave::ui {

struct ExportSubject {
    RecordingPtr shown;                 // for the views of one run
    std::vector<RecordingPtr> compared; // for the comparison
    ExportView view = ExportView::Gantt;
    TimeRange visible;
    std::optional<TimeRange> selected;
    Grouping grouping = Grouping::Task;
    StateSet hidden;
    QString suggestedFile; // without an ending
};

class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(ExportSubject subject, QWidget* parent = nullptr);

    /// What the fields say; without an output.
    ExportRequest request() const;
    /// The recordings that the chosen view is about.
    std::vector<RecordingPtr> recordings() const;
    /// Asks where to; empty if the user thinks better of it.
    QString chooseFile();

private:
    void build();
    void connectFields();
    void updateFields();
    void updatePreview();

    ExportSubject m_subject;
    QComboBox* m_view;
    QComboBox* m_range;
    QComboBox* m_format;
    QComboBox* m_size;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QComboBox* m_scale;
    QComboBox* m_theme;
    QLabel* m_preview;
    QLabel* m_facts;
    QTimer m_previewTimer;
};

} // namespace interleave::ui
