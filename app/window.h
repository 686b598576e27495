#pragma once
/// The program without a subcommand.

#include <string>

namespace attn::app {

/// Opens the window on a scene file, or with an empty path on the first example, and runs until it is closed.
/// Returns the exit status: 1 at once where there is no display, or `scene` is no file.
int openWindow(int argc, char** argv, const std::string& scene);

}  // namespace attn::app
