// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_words.h"

#include "engine/findings/findings.h"
#include "ui/theme/text.h"

#include <cmath>

namespace interleave::ui {

namespace {

QString escaped(const std::string& text) {
    return QString::fromStdString(text).toHtmlEscaped();
}

QString tableRow(const QString& name, const QString& value) {
    return QStringLiteral("<tr><td style='padding-right:10px'>%1</td><td>%2</td></tr>")
        .arg(name, value);
}

QString predictionHtml(const lesson::Question& question, const QuestionOutcome& outcome) {
    QString html = QStringLiteral("<p><b>%1</b></p><table>").arg(escaped(question.ask));
    if (outcome.predicted) {
        html += tableRow(tr("predicted"), escaped(lesson::textOf(question, *outcome.predicted)));
    } else {
        html += tableRow(tr("predicted"), tr("nothing: not known"));
    }
    if (!outcome.right) {
        return html + tableRow(tr("no answer"), escaped(outcome.problem)) +
               QStringLiteral("</table>");
    }
    html += tableRow(
        tr("measured"),
        QStringLiteral("<b>%1</b>").arg(escaped(lesson::textOf(question, *outcome.right))));
    const QString sign = outcome.score >= 0.995 ? QStringLiteral("✓ ")
                         : outcome.score <= 0   ? QStringLiteral("✗ ")
                                                : QString();
    html += tableRow(tr("score"), sign + tr("%1 of 100").arg(std::lround(outcome.score * 100)));
    html += QStringLiteral("</table>");
    if (!question.because.empty()) {
        html += QStringLiteral("<p>%1</p>").arg(escaped(question.because));
    }
    return html;
}

QString severityText(findings::Severity severity) {
    switch (severity) {
    case findings::Severity::Problem:
        return tr("Problem");
    case findings::Severity::Warning:
        return tr("Warning");
    case findings::Severity::Info:
        break;
    }
    return tr("Note");
}

QString numberCell(const QString& text) {
    return QStringLiteral("<td align='right' style='padding-left:10px'>%1</td>").arg(text);
}

QString heading(const QString& text) {
    return QStringLiteral("<h4>%1</h4>").arg(text);
}

} // namespace

QString predictionsHtml(const lesson::Lesson& lesson, std::span<const QuestionOutcome> outcomes) {
    QString html = heading(tr("Your prediction"));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        html += predictionHtml(lesson.questions[i], outcomes[i]);
    }
    if (const auto score = scoreOf(outcomes); score && outcomes.size() > 1) {
        html += QStringLiteral("<p><b>%1</b></p>").arg(tr("Together: %1 of 100.").arg(*score));
    }
    return html;
}

QString phenomenaHtml(const lesson::Lesson& lesson, const lesson::LessonValues& values) {
    QString html = heading(tr("What the runs show")) + QStringLiteral("<ul>");
    for (const lesson::Phenomenon& phenomenon : lesson.phenomena) {
        const lesson::PhenomenonSeen seen = lesson::look(phenomenon, values);
        QString text = escaped(phenomenon.says);
        if (seen.number) {
            text += QStringLiteral(": <b>%1</b>")
                        .arg(escaped(lesson::numberText(*seen.number, phenomenon.unit)));
        }
        if (!seen.isSeen) {
            text += tr(" (not this time: other programs may have run meanwhile)");
        }
        if (!seen.problem.empty()) {
            text += QStringLiteral("<br>") + escaped(seen.problem);
        }
        html += QStringLiteral("<li>%1 %2</li>")
                    .arg(seen.isSeen ? QStringLiteral("✓") : QStringLiteral("✗"), text);
    }
    return html + QStringLiteral("</ul>");
}

QString findingsHtml(const lesson::Lesson& lesson, const lesson::LessonValues& values) {
    if (!lesson.showsFindings) {
        return {};
    }
    QString html = heading(tr("What the program finds in them"));
    for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
        const auto& recording = values.results()[i].recording;
        if (!recording) {
            continue;
        }
        html += QStringLiteral("<p><b>%1</b></p>").arg(escaped(lesson.runs[i].title));
        const auto found = findings::findingsOf(*recording);
        if (found.empty()) {
            html += QStringLiteral("<p>%1</p>").arg(tr("Nothing stands out."));
            continue;
        }
        html += QStringLiteral("<ul>");
        for (const findings::Finding& finding : found) {
            html += QStringLiteral("<li>%1: %2<br>%3 %4</li>")
                        .arg(severityText(finding.severity), escaped(finding.message),
                             escaped(finding.cause), escaped(finding.cure));
        }
        html += QStringLiteral("</ul>");
    }
    return html;
}

QString numbersHtml(std::span<const NamedResult> runs) {
    QString html = QStringLiteral("<table><tr><th></th>");
    for (const QString& name :
         {tr("makespan"), tr("processor time"), tr("at once"), tr("peak memory")}) {
        html += QStringLiteral("<th align='right' style='padding-left:10px'>%1</th>").arg(name);
    }
    html += QStringLiteral("</tr>");
    const QString unknown = QStringLiteral("–");
    for (const NamedResult& run : runs) {
        if (run.statistics == nullptr) {
            continue;
        }
        const analysis::Statistics& numbers = *run.statistics;
        html += QStringLiteral("<tr><td>%1</td>").arg(run.title.toHtmlEscaped());
        html += numberCell(durationText(numbers.makespanNs));
        html += numberCell(numbers.cpuNs ? durationText(*numbers.cpuNs) : unknown);
        html +=
            numberCell(numbers.parallelismMax ? QString::number(*numbers.parallelismMax) : unknown);
        html += numberCell(
            numbers.peakRssBytes
                ? tr("%1 MB").arg(static_cast<double>(*numbers.peakRssBytes) / 1e6, 0, 'f', 0)
                : unknown);
        html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
}

std::vector<NamedResult> namedResults(const lesson::Lesson& lesson,
                                      const lesson::LessonValues& values) {
    std::vector<NamedResult> named;
    for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
        const auto& statistics = values.statistics()[i];
        named.push_back(
            {QString::fromStdString(lesson.runs[i].title), statistics ? &*statistics : nullptr});
    }
    return named;
}

} // namespace interleave::ui
