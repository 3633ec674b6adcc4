// SPDX-License-Identifier: GPL-3.0-or-later
// LessonText: a page to read: a teacher's Markdown, or our own words about a result. A lesson comes
// from anybody, so HTML in its Markdown is shown as text, and nothing that it names is loaded or
// opened.
#pragma once

#include <QTextBrowser>

#include <string>

namespace interleave::ui {

class LessonText : public QTextBrowser {
    Q_OBJECT

public:
    /// `name` is for assistive technology.
    explicit LessonText(const QString& name, QWidget* parent = nullptr);
    void showMarkdown(const std::string& markdown);

    QVariant loadResource(int type, const QUrl& name) override;
};

} // namespace interleave::ui
