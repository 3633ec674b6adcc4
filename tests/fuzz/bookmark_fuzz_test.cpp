// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the bookmark fuzzer's function without libFuzzer: every file of the corpus, cut anywhere
// and with any byte changed.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace interleave::storage {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

TEST(BookmarkFuzz, NoCutAndNoChangedByteBreaksTheReader) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_FUZZ_CORPUS)) {
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        ASSERT_FALSE(text.empty()) << entry.path();
        ++files;
        feed(text);
        for (std::size_t i = 0; i < text.size(); ++i) {
            feed(text.substr(0, i));
            for (const char byte : {'\0', '"', '}', '9', '-', '\x80'}) {
                std::string changed = text;
                changed[i] = byte;
                feed(changed);
            }
        }
    }
    EXPECT_GE(files, 2u);
    feed(std::string(100'000, '['));
}

} // namespace
} // namespace interleave::storage
