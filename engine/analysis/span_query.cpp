// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_query.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using Field = SpanQuery::Field;

namespace {

/// Words between blanks; quotes keep blanks within a word and are dropped.
std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool isQuoted = false;
    bool hasWord = false;
    for (const char c : text) {
        if (c == '"') {
            isQuoted = !isQuoted;
        } else if (!isQuoted && (c == ' ' || c == '\t')) {
            if (hasWord) {
                words.push_back(std::exchange(word, {}));
            }
            hasWord = false;
        } else {
            word += c;
            hasWord = true;
        }
    }
    if (hasWord) {
        words.push_back(std::move(word));
    }
    return words;
}

std::optional<Nanoseconds> durationIn(std::string_view text) {
    double number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !(number >= 0)) {
        return std::nullopt;
    }
    const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
    static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
        {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
    for (const auto& [name, factor] : kUnits) {
        if (unit == name && number * factor < 9e18) {
            return static_cast<Nanoseconds>(number * factor);
        }
    }
    return std::nullopt;
}

SpanQuery::Word wordFrom(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Field>, 6> kPrefixes{
        {{"state:", Field::State},
         {"task:", Field::Task},
         {"name:", Field::Name},
         {"cause:", Field::Cause},
         {"track:", Field::Track},
         {"lock:", Field::Track}}};
    const std::string whole = folded(text);
    for (const auto& [prefix, field] : kPrefixes) {
        if (whole.starts_with(prefix) && whole.size() > prefix.size()) {
            return {field, whole.substr(prefix.size())};
        }
    }
    return {Field::Any, whole};
}

/// One letter of two bytes; what has no other case comes back as it is.
char32_t lowerOf(char32_t c) {
    const bool isLatin = c >= 0xC0 && c <= 0xDE && c != 0xD7;
    const bool isGreek = c >= 0x391 && c <= 0x3A9 && c != 0x3A2;
    const bool isCyrillic = c >= 0x410 && c <= 0x42F;
    if (isLatin || isGreek || isCyrillic) {
        return c + 32;
    }
    if (c >= 0x400 && c <= 0x40F) {
        return c + 80;
    }
    const bool isPaired = (c >= 0x100 && c <= 0x12F) || (c >= 0x14A && c <= 0x177);
    return isPaired ? c | 1U : c;
}

} // namespace

std::string folded(std::string_view text) {
    std::string result(text);
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto lead = static_cast<unsigned char>(result[i]);
        if (lead >= 'A' && lead <= 'Z') {
            result[i] = static_cast<char>(lead + ('a' - 'A'));
        } else if (lead >= 0xC3 && lead <= 0xDF && i + 1 < result.size()) {
            const auto next = static_cast<unsigned char>(result[i + 1]);
            const char32_t lower = lowerOf((lead & 0x1FU) << 6U | (next & 0x3FU));
            result[i] = static_cast<char>(0xC0U | lower >> 6U);
            result[++i] = static_cast<char>(0x80U | (lower & 0x3FU));
        }
    }
    return result;
}

Result<SpanQuery> spanQueryFrom(std::string_view text) {
    SpanQuery query;
    for (const std::string& word : wordsOf(text)) {
        const bool isLonger = word.front() == '>';
        if (!isLonger && word.front() != '<') {
            query.words.push_back(wordFrom(word));
            continue;
        }
        const auto duration = durationIn(std::string_view(word).substr(1));
        if (!duration) {
            return std::unexpected(Error{
                fmt::format("“{}” is no duration: write, for example, >1ms or <20us.", word)});
        }
        (isLonger ? query.longerThanNs : query.shorterThanNs) = *duration;
    }
    return query;
}

SpanMatcher::SpanMatcher(const Recording& recording, const SpanQuery& query)
    : m_longerThanNs(query.longerThanNs)
    , m_shorterThanNs(query.shorterThanNs)
    , m_asksForDuration(query.asksForDuration()) {
    std::vector<Term> terms(query.words.size());
    const auto look = [&](const std::string& text, Field field, auto&& found) {
        for (std::size_t i = 0; i < terms.size(); ++i) {
            const SpanQuery::Word& word = query.words[i];
            if ((word.field == Field::Any || word.field == field) &&
                text.find(word.text) != std::string::npos) {
                found(terms[i]);
            }
        }
    };
    const auto put = [](std::vector<bool>& set, std::size_t value, std::size_t size) {
        set.resize(size);
        set[value] = true;
    };
    for (int i = 0; i < kStateCount; ++i) {
        const auto state = static_cast<std::size_t>(i);
        look(folded(nameOf(static_cast<State>(i))), Field::State,
             [&](Term& term) { term.states.set(state); });
    }
    const std::size_t tasks = recording.tasks.size() + 1;
    for (std::size_t i = 1; i < tasks; ++i) {
        look(folded(recording.tasks[i - 1].name), Field::Task,
             [&](Term& term) { put(term.tasks, i, tasks); });
    }
    const std::size_t strings = recording.strings.size();
    for (std::size_t i = 0; i < strings; ++i) {
        const std::string text = folded(recording.strings.text({static_cast<std::uint32_t>(i)}));
        look(text, Field::Name, [&](Term& term) { put(term.names, i, strings); });
        look(text, Field::Cause, [&](Term& term) { put(term.causes, i, strings); });
    }
    for (const Track& track : recording.tracks) {
        look(folded(track.name), Field::Track,
             [&](Term& term) { put(term.tracks, track.id.value - 1, recording.tracks.size()); });
    }
    m_terms = std::move(terms);
}

bool SpanMatcher::matches(const Term& term, const Track& track, std::size_t index) const {
    const auto& spans = track.spans;
    return isIn(term.tracks, track.id.value - 1) ||
           (term.states.any() && term.states[static_cast<std::size_t>(spans.state[index])]) ||
           (!term.names.empty() && isIn(term.names, spans.name[index].value)) ||
           (!term.causes.empty() && isIn(term.causes, spans.cause[index].value)) ||
           (!term.tasks.empty() && isIn(term.tasks, spans.task[index].value));
}

bool SpanMatcher::matches(const Track& track, std::size_t index) const {
    if (m_asksForDuration) {
        const Nanoseconds duration = track.spans.duration[index];
        if (duration <= m_longerThanNs || duration >= m_shorterThanNs) {
            return false;
        }
    }
    for (const Term& term : m_terms) {
        if (!matches(term, track, index)) {
            return false;
        }
    }
    return true;
}

bool SpanMatcher::mayMatch(const Track& track) const {
    for (const Term& term : m_terms) {
        const bool isInSpans =
            term.states.any() || !term.names.empty() || !term.causes.empty() || !term.tasks.empty();
        if (!isInSpans && !isIn(term.tracks, track.id.value - 1)) {
            return false;
        }
    }
    return true;
}

} // namespace interleave::analysis
