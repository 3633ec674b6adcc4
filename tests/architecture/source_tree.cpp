// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/architecture/source_tree.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace interleave::architecture {

std::filesystem::path sourceRoot() {
    return SOURCE_ROOT;
}

std::string textOf(const std::filesystem::path& file) {
    std::ifstream stream(sourceRoot() / file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> linesOf(const std::filesystem::path& file) {
    std::ifstream stream(sourceRoot() / file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::filesystem::path> filesBelow(const std::string& folder,
                                              const std::vector<std::string>& extensions) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(sourceRoot() / folder)) {
        if (entry.is_regular_file() &&
            std::ranges::find(extensions, entry.path().extension().string()) != extensions.end()) {
            files.push_back(std::filesystem::relative(entry.path(), sourceRoot()));
        }
    }
    std::ranges::sort(files);
    return files;
}

} // namespace interleave::architecture
