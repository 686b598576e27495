#pragma once
/// Runs the program as a user's shell does.

#include <string>
#include <vector>

namespace attn::test {

struct Outcome {
    int status = -1;  ///< exit status; 128 + signal where it was killed
    std::string out, error;
};

/// The program with these arguments, without a display and with this checkout's resources. `stdoutPath`:
/// where its standard output goes instead of into `out`.
[[nodiscard]] Outcome runProgram(const std::vector<std::string>& arguments,
                                 const std::string& stdoutPath = {});

/// The program without a display, also without the environment's choice of a platform.
[[nodiscard]] Outcome runProgramBare(const std::vector<std::string>& arguments);

}  // namespace attn::test
