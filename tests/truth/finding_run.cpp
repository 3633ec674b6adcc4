// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/finding_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::truth {

using Json = nlohmann::json;

RunFile::RunFile() {
    static int count = 0;
    m_path = std::filesystem::temp_directory_path() /
             fmt::format("interleave-findings-{}-{}.ilv", getpid(), ++count);
}

RunFile::~RunFile() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
}

std::string kindsText(const Json& findings) {
    std::string text;
    for (const Json& finding : findings) {
        text += " " + finding.at("kind").get<std::string>();
    }
    return text;
}

bool says(const Json& findings, const std::string& kind) {
    return std::ranges::any_of(findings,
                               [&](const Json& finding) { return finding.at("kind") == kind; });
}

std::string scenarioFile(const std::string& name) {
    return name.starts_with("own/") ? fmt::format("{}/{}.toml", OWN_SCENARIOS, name.substr(4))
                                    : fmt::format("{}/{}.toml", SCENARIOS, name);
}

namespace {

Words commandOf(const FindingsCase& expected, const std::string& file) {
    if (expected.scenario.ends_with(".py")) {
        return {"record",
                "-q",
                "-o",
                file,
                "--",
                kPython,
                std::string(PROGRAMS) + "/" + expected.scenario};
    }
    return {"run", scenarioFile(expected.scenario), "--model", expected.model, "-o", file};
}

} // namespace

std::string complaintOf(const FindingsCase& expected) {
    const RunFile file;
    Words command = commandOf(expected, file.path());
    command.insert(command.end(), expected.arguments.begin(), expected.arguments.end());
    const ProgramResult run = runProgram(command);
    if (run.exitCode != 0) {
        return fmt::format("run ended with {}: {}", run.exitCode, run.err);
    }
    const ProgramResult asked = runProgram({"findings", file.path(), "--json"});
    if (asked.exitCode != 0) {
        return fmt::format("findings ended with {}: {}", asked.exitCode, asked.err);
    }
    const Json findings = Json::parse(asked.out);
    for (const std::string& kind : expected.must) {
        if (!says(findings, kind)) {
            return fmt::format("no {} among:{}", kind, kindsText(findings));
        }
    }
    for (const std::string& kind : expected.mustNot) {
        if (says(findings, kind)) {
            return fmt::format("{} among:{}", kind, kindsText(findings));
        }
    }
    for (const Json& finding : findings) {
        if (finding.at("message").get<std::string>().empty() || !finding.at("value").is_number()) {
            return fmt::format("without a message or a number: {}", finding.dump());
        }
    }
    return {};
}

Words without(std::initializer_list<Words> lists, const Words& more) {
    Words all{more};
    for (const Words& list : lists) {
        all.insert(all.end(), list.begin(), list.end());
    }
    return all;
}

} // namespace interleave::truth
