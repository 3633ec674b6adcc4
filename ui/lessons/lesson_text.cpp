// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_text.h"

#include <QTextDocument>

namespace interleave::ui {

namespace {

constexpr int kTextMarginPx = 12;

} // namespace

LessonText::LessonText(const QString& name, QWidget* parent)
    : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setAccessibleName(name);
    document()->setDocumentMargin(kTextMarginPx);
}

void LessonText::showMarkdown(const std::string& markdown) {
    QTextDocument::MarkdownFeatures features = QTextDocument::MarkdownDialectGitHub;
    features.setFlag(QTextDocument::MarkdownNoHTML);
    document()->setMarkdown(QString::fromStdString(markdown), features);
    document()->setDocumentMargin(kTextMarginPx); // a new text resets it
}

QVariant LessonText::loadResource(int, const QUrl&) {
    return {};
}

} // namespace interleave::ui
