// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the trace fuzzer's function without libFuzzer: every file of the corpus, and files put
// together from the begin of one and the end of another, the same at each run.
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

namespace interleave::chrome_trace {
namespace {

constexpr int kSplices = 3000;

std::vector<std::string> corpus() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_FUZZ_CORPUS)) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
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

TEST(ChromeTraceFuzz, SurvivesItsCorpus) {
    const auto texts = corpus();
    ASSERT_GE(texts.size(), 8u);
    for (const std::string& text : texts) {
        EXPECT_EQ(feed(text), 0);
    }
}

TEST(ChromeTraceFuzz, SurvivesSplicesOfIt) {
    const auto texts = corpus();
    std::mt19937 random(20240229); // the same numbers everywhere
    for (int i = 0; i < kSplices; ++i) {
        const std::string& first = texts[random() % texts.size()];
        const std::string& second = texts[random() % texts.size()];
        EXPECT_EQ(feed(first.substr(0, random() % (first.size() + 1)) +
                       second.substr(random() % (second.size() + 1))),
                  0);
    }
}

} // namespace
} // namespace interleave::chrome_trace
