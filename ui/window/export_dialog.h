// SPDX-License-Identifier: GPL-3.0-or-later
// ExportDialog: what shall be in the picture, how large, in which colours and format; beside it the
// picture itself and the command line that makes the same. It writes the file too, and stays open
// with the reason where that fails. What was chosen last is remembered for each format.
#pragma once

#include "ui/export/export_request.h"
#include "ui/session/session_tail.h"

#include <QDialog>

#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace interleave::ui {

class PreviewView;

struct ExportSubject {
    RecordingPtr shown;                 // for the views of one run
    std::vector<RecordingPtr> compared; // for the comparison
    QString shownFile;                  // where it is saved; empty if it is not
    QStringList comparedFiles;          // likewise, in order
    ExportView view = ExportView::Gantt;
    TimeRange visible;
    Nanoseconds at = 0; // the moment of the topology
    std::optional<TimeRange> selected;
    Grouping grouping = Grouping::Task;
    StateSet hidden;
    QString suggestedFile; // without an ending
};

class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(ExportSubject subject, QWidget* parent = nullptr);

    /// What the fields say; its output is the suggested name.
    ExportRequest request() const;
    /// The recordings that the chosen view is about.
    std::vector<RecordingPtr> recordings() const;
    /// Files that the command line names; a recording that isn't saved has the name it would get.
    QStringList recordingFiles() const;
    QString commandLine() const;
    /// Writes the picture; closes if that went well, else says why not.
    void exportTo(const QString& file);
    QString writtenFile() const { return m_writtenFile; }
    QString errorSentence() const;
    PreviewView& preview() { return *m_preview; }

private:
    void makeFields();
    QFormLayout* makeForm();
    QLayout* makeFoot();
    void connectFields();
    void loadChoices();
    void saveChoices() const;
    void onFormatChanged();
    void onSizeChanged();
    void refresh();
    void showOwnSize(QSizeF size);
    void chooseFile();
    void showError(const QString& sentence);
    ExportFormat format() const;
    bool isComparing() const;

    ExportSubject m_subject;
    QComboBox* m_view = nullptr;
    QComboBox* m_range = nullptr;
    QComboBox* m_format = nullptr;
    QComboBox* m_size = nullptr;
    QDoubleSpinBox* m_width = nullptr;
    QDoubleSpinBox* m_height = nullptr;
    QComboBox* m_scale = nullptr;
    QComboBox* m_theme = nullptr;
    QComboBox* m_rows = nullptr;
    QCheckBox* m_legend = nullptr;
    QCheckBox* m_caption = nullptr;
    PreviewView* m_preview = nullptr;
    QLabel* m_facts = nullptr;
    QLineEdit* m_command = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_error = nullptr;
    QString m_writtenFile;
    bool m_isLoading = false;
};

} // namespace interleave::ui
