#pragma once
/// What a ModelTokenizer is put together from. For core/text alone.

#include "core/text/text_steps.h"
#include "core/text/vocabulary.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace attn {

/// A token that is found in the text as it stands, before anything else is done to it.
struct AddedToken {
    std::string content;
    std::int64_t id = 0;
    bool singleWord = false;                     ///< only between characters that belong to no word
    bool takesLeft = false, takesRight = false;  ///< swallows the white space on that side
    bool normalized = true;                      ///< looked for in the normalised text
    bool special = false;
};

/// How a piece of the vocabulary is to be read.
enum class PieceStyle : std::uint8_t { Plain, ByteLevel, Metaspace };

struct TokenizerParts {
    std::vector<AddedToken> added;
    std::vector<NormalizerStep> normalizers;
    std::vector<PreTokenizerStep> preTokenizers;
    std::shared_ptr<const PieceModel> model;
    std::vector<std::int64_t> before, after;  ///< special tokens around the text
    PieceStyle style = PieceStyle::Plain;
};

}  // namespace attn
