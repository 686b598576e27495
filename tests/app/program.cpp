#include "tests/app/program.h"

#include "tests/support/temporary_folder.h"

#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace attn::test {
namespace {

Outcome run(const std::vector<std::string>& arguments, const std::string& stdoutPath, bool offscreen) {
    const TemporaryFolder folder;
    const std::string out = stdoutPath.empty() ? (folder / "out").string() : stdoutPath;
    const std::string error = (folder / "error").string();
    std::vector<std::string> words{ATTN_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
        ::setenv("ATTENTION_LAB_RESOURCES", ATTN_RESOURCE_DIR, 1);
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) ::unsetenv(name);
        if (offscreen) ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
        const int outFile = ::open(out.c_str(), O_WRONLY | O_CREAT, 0600);
        const int errorFile = ::open(error.c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(outFile, STDOUT_FILENO);
        ::dup2(errorFile, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    Outcome outcome;
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (stdoutPath.empty()) outcome.out = folder.read("out");
    outcome.error = folder.read("error");
    return outcome;
}

}  // namespace

Outcome runProgram(const std::vector<std::string>& arguments, const std::string& stdoutPath) {
    return run(arguments, stdoutPath, true);
}

Outcome runProgramBare(const std::vector<std::string>& arguments) {
    return run(arguments, {}, false);
}

}  // namespace attn::test
