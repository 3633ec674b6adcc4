// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/program/command_text.h"

#include <algorithm>
#include <cctype>

namespace interleave::program {

namespace {

bool isPlain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-+=./:,@%").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

std::string commandText(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += text.empty() ? "" : " ";
        if (!word.empty() && std::ranges::all_of(word, isPlain)) {
            text += word;
            continue;
        }
        text += '\'';
        for (const char c : word) {
            text += c == '\'' ? std::string("'\\''") : std::string(1, c);
        }
        text += '\'';
    }
    return text;
}

Result<std::vector<std::string>> commandWords(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool isInWord = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == '\'' || (quote == '"' && c != '\\')) {
            if (c == quote) {
                quote = 0;
            } else {
                word += c;
            }
        } else if (c == '\\' && i + 1 < text.size()) {
            const char next = text[++i];
            if (quote == '"' && std::string_view("\"\\$`").find(next) == std::string_view::npos) {
                word += c;
            }
            word += next;
            isInWord = true;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
            isInWord = true;
        } else if (quote == 0 && std::isspace(static_cast<unsigned char>(c)) != 0) {
            if (isInWord) {
                words.push_back(std::move(word));
                word.clear();
            }
            isInWord = false;
        } else {
            word += c;
            isInWord = true;
        }
    }
    if (quote != 0) {
        return fail(std::string("The command has an opening ") + quote + " without a closing one.");
    }
    if (isInWord) {
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace interleave::program
