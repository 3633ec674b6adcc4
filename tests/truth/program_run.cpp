// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/program_run.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::truth {

namespace {

/// A folder of this test's own, removed at the end.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "interleave-truth-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() { std::filesystem::remove_all(m_path); }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

std::string readAll(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Splits a line of RFC 4180 CSV (no line breaks inside fields).
std::vector<std::string> fieldsOf(const std::string& line) {
    std::vector<std::string> fields(1);
    bool isQuoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && isQuoted && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            isQuoted = !isQuoted;
        } else if (c == ',' && !isQuoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

std::pair<std::int64_t, std::int64_t> busyAndTotal() {
    std::ifstream stat("/proc/stat");
    std::string label;
    stat >> label;
    std::int64_t total = 0;
    std::int64_t idle = 0;
    for (int i = 0; i < 8; ++i) {
        std::int64_t value = 0;
        stat >> value;
        total += value;
        idle += i == 3 || i == 4 ? value : 0;
    }
    return {total - idle, total};
}

} // namespace

ProgramResult runCommand(const std::vector<std::string>& words, const std::string& input) {
    const ScratchFolder scratch;
    const auto inFile = scratch.path() / "in";
    const auto outFile = scratch.path() / "out";
    const auto errFile = scratch.path() / "err";
    std::ofstream(inFile, std::ios::binary) << input;
    std::vector<std::string> copies = words;
    std::vector<char*> argv;
    for (std::string& word : copies) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open(inFile.c_str(), O_RDONLY | O_CLOEXEC), 0);
        ::dup2(::open(outFile.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), 1);
        ::dup2(::open(errFile.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), 2);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), readAll(outFile),
            readAll(errFile)};
}

ProgramResult runProgram(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return runCommand(words);
}

std::vector<SpanRow> spansOf(const std::string& csv) {
    std::istringstream stream(csv);
    std::string line;
    std::getline(stream, line);
    EXPECT_EQ(line, "track_kind,track,task,worker,core,state,name,cause,begin_ns,end_ns,depth");
    std::vector<SpanRow> rows;
    while (std::getline(stream, line)) {
        const auto f = fieldsOf(line);
        if (f.size() != 11) {
            ADD_FAILURE() << "a line with " << f.size() << " fields: " << line;
            continue;
        }
        rows.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], std::stoll(f[8]),
                        std::stoll(f[9]), std::stoi(f[10])});
    }
    return rows;
}

std::vector<SpanRow> MeasuredRun::select(const std::function<bool(const SpanRow&)>& wanted) const {
    std::vector<SpanRow> rows;
    std::ranges::copy_if(spans, std::back_inserter(rows), wanted);
    return rows;
}

MeasuredRun measure(const std::string& scenario, const std::string& model,
                    const std::vector<std::string>& extraArguments) {
    const ScratchFolder scratch;
    const std::string file = scratch.path() / "run.ilv";
    std::vector<std::string> arguments{
        "run", std::string(SCENARIOS) + "/" + scenario + ".toml", "--model", model, "-o", file};
    arguments.insert(arguments.end(), extraArguments.begin(), extraArguments.end());
    const ProgramResult run = runProgram(arguments);
    EXPECT_EQ(run.exitCode, 0) << scenario << " under " << model << ": " << run.err;
    MeasuredRun measured;
    const ProgramResult stats = runProgram({"stats", file, "--json"});
    EXPECT_EQ(stats.exitCode, 0) << stats.err;
    measured.stats = nlohmann::json::parse(stats.out, nullptr, false);
    const ProgramResult spans = runProgram({"spans", file, "--csv"});
    EXPECT_EQ(spans.exitCode, 0) << spans.err;
    measured.spans = spansOf(spans.out);
    EXPECT_EQ(measured.stats.value("source", ""), "measured");
    return measured;
}

LoadMeter::LoadMeter() {
    std::tie(m_busy, m_total) = busyAndTotal();
}

double LoadMeter::busyShare() const {
    const auto [busy, total] = busyAndTotal();
    return static_cast<double>(busy - m_busy) /
           static_cast<double>(std::max<std::int64_t>(1, total - m_total));
}

void expectWithinThreeTries(const std::function<std::string()>& attempt) {
    std::string complaint;
    for (int i = 1; i <= 3; ++i) {
        const LoadMeter load;
        complaint = attempt();
        fmt::print("try {}: {} (cores {:.0f} % busy in all)\n", i,
                   complaint.empty() ? "holds" : complaint, 100 * load.busyShare());
        if (complaint.empty()) {
            return;
        }
    }
    ADD_FAILURE() << complaint;
}

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace interleave::truth
