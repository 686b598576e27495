#pragma once
/// What is fact in the trained model that a trace comes from: for people, and for what depends on it.

#include "core/scene/parameter.h"
#include "core/tensor/matrix.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// What somebody found out that a head does, or taught it to.
struct NamedHead {
    std::string site;
    Index head = 0;
    std::string name;         ///< "Previous token"
    std::string explanation;  ///< one sentence; may be empty
    bool taught = false;      ///< a part of its training asked for it; else it came by itself
};

struct ModelInfo {
    std::string title;        ///< its card's, else the folder's name
    std::string description;  ///< its card's, in a sentence or two; may be empty
    std::string folder;
    std::string family;     ///< model_type: "gpt2", "bert", …
    std::string className;  ///< "GPT2LMHeadModel"; may be empty

    Index layers = 0, heads = 0, kvHeads = 0, dModel = 0, dHead = 0, dMlp = 0;
    Index encoderLayers = 0;  ///< of an encoder-decoder; the numbers above are its decoder's
    Index vocabulary = 0;
    Index context = 0;            ///< the most tokens that a text may have
    Index tokenTypes = 0;         ///< 0: segments mean nothing to it
    std::int64_t parameters = 0;  ///< numbers of its weights
    PositionsKind positions = PositionsKind::None;
    bool causal = true;
    bool hasLogits = false;
    bool hasTokenizer = false;  ///< else it takes ids alone
    std::vector<NamedHead> namedHeads;

    /// Null: nobody gave it a name.
    [[nodiscard]] const NamedHead* namedHead(std::string_view site, Index head) const {
        for (const NamedHead& each : namedHeads)
            if (each.head == head && each.site == site) return &each;
        return nullptr;
    }
};

}  // namespace attn
