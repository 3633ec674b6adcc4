// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the fuzzers' function without libFuzzer: every file of the corpus, then mutations of them
// that are the same at each run. It follows no coverage; the sanitizer presets make it worth most.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace interleave::fuzz {
namespace {

constexpr int kMutations = INTERLEAVE_FUZZ_MUTATIONS;

std::vector<std::string> corpus() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_FUZZ_CORPUS)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end()); // the order of a folder differs between machines
    std::vector<std::string> texts;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>());
    }
    return texts;
}

int feed(const std::string& text) {
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

/// Changes a few places: a byte, a piece left out, doubled, or taken from another text.
class Mutator {
public:
    explicit Mutator(std::vector<std::string> texts)
        : m_texts(std::move(texts)) {}

    std::string next() {
        std::string text = m_texts[below(m_texts.size())];
        for (std::size_t change = 0; change <= below(4); ++change) {
            const std::size_t at = below(text.size() + 1);
            const std::size_t length = std::min(below(40), text.size() - at);
            const std::string& other = m_texts[below(m_texts.size())];
            switch (below(4)) {
            case 0:
                text.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(at, text.substr(at, length));
                break;
            default:
                text.replace(at, length, other.substr(below(other.size() + 1), below(40)));
            }
        }
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return m_random() % bound; } // mt19937: same everywhere

    std::vector<std::string> m_texts;
    std::mt19937 m_random{20240229};
};

TEST(INTERLEAVE_FUZZ_SUITE, SurvivesItsCorpus) {
    const auto texts = corpus();
    ASSERT_GE(texts.size(), 8u);
    for (const std::string& text : texts) {
        EXPECT_EQ(feed(text), 0);
    }
}

TEST(INTERLEAVE_FUZZ_SUITE, SurvivesMutationsOfIt) {
    Mutator mutator(corpus());
    for (int i = 0; i < kMutations; ++i) {
        EXPECT_EQ(feed(mutator.next()), 0);
    }
}

} // namespace
} // namespace interleave::fuzz
