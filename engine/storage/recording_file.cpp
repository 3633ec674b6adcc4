// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_file.h"

#include "engine/storage/recording_reader.h"

#include <fmt/format.h>

namespace interleave::storage {

namespace {

using recording::Diagnostic;
using recording::Recording;

Result<ReadOutcome> readBytes(FileBytes bytes, Checking checking, const std::stop_token& stop) {
    Result<FileSections> sections = FileSections::open(std::move(bytes));
    if (!sections) {
        return std::unexpected(sections.error());
    }
    return RecordingReader(std::move(*sections), checking, stop).read();
}

Result<ReadOutcome> readFrom(const std::filesystem::path& path, Checking checking,
                             const std::stop_token& stop) {
    Result<FileBytes> bytes = openFileBytes(path);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    if (bytes->bytes.empty()) {
        return fail(fmt::format("{}: is empty; give a recording (.ilv).", path.string()));
    }
    Result<ReadOutcome> outcome = readBytes(std::move(*bytes), checking, stop);
    if (!outcome) {
        return fail(fmt::format("{}: {}.", path.string(), outcome.error().message));
    }
    return outcome;
}

} // namespace

Result<std::shared_ptr<const Recording>> decodeRecording(std::span<const std::byte> data,
                                                         Checking checking) {
    Result<ReadOutcome> outcome = readBytes(copyBytes(data), checking, {});
    if (!outcome) {
        return std::unexpected(outcome.error());
    }
    return std::move(outcome->recording);
}

Result<std::shared_ptr<const Recording>> readRecording(const std::filesystem::path& path,
                                                       Checking checking) {
    Result<ReadOutcome> outcome = readFrom(path, checking, {});
    if (!outcome) {
        return std::unexpected(outcome.error());
    }
    return std::move(outcome->recording);
}

Result<std::vector<Diagnostic>> verifyRecording(const std::filesystem::path& path,
                                                const std::stop_token& stop) {
    Result<ReadOutcome> outcome = readFrom(path, Checking::Everything, stop);
    if (!outcome) {
        return std::unexpected(outcome.error());
    }
    return std::move(outcome->losses);
}

} // namespace interleave::storage
