#pragma once
/// How opening a model tells how far it is, and how it is told to stop.

#include <functional>
#include <stop_token>

namespace attn {

struct OpenProgress {
    std::stop_token stop;
    std::function<void(double fraction)> report;  ///< 0 … 1, on the thread that opens; may be empty
};

}  // namespace attn
