#pragma once
/// Numbers changed by hand: an entry of a tensor, and what it is now. What follows from the tensor is worked
/// out from the changed one; what it came from stays.
///
/// Written `TENSOR[head,row,column]=value`, or `TENSOR[row,column]=value` for a tensor without heads:
/// "blocks.0.q[0,3,1]=2.5", "embed[3,0]=-1". The head of k and v is one of those that have keys and values.

#include "core/base/error.h"
#include "core/tensor/tensor_name.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

struct Tokens;

/// The largest magnitude that an entry can be given: what follows stays finite.
inline constexpr double kLargestEdit = 1e6;
/// The most edits that a scene holds.
inline constexpr std::size_t kMaxEdits = std::size_t{1} << 16U;

/// It remembers what it was made against: the tokens of its row and column where tokens run along them, else
/// how long that axis was. Where these no longer hold it sleeps: it does nothing, is listed, and wakes when
/// they hold again. What is empty or 0 was not remembered and fits everything.
struct Edit {
    TensorKey tensor;
    std::int64_t head = 0;  ///< 0 for a tensor without heads
    std::int64_t row = 0, column = 0;
    double value = 0;  ///< at most kLargestEdit in magnitude; an entry of `scores` may be −∞

    std::string rowToken, columnToken;
    std::int64_t heads = 0, rows = 0, columns = 0;

    bool operator==(const Edit&) const = default;
};
/// Sorted by place, one for each place.
using Edits = std::vector<Edit>;

/// Tensor, then head, row and column: where it is, whatever is written there.
[[nodiscard]] std::strong_ordering comparePlaces(const Edit& a, const Edit& b);

/// Takes the place of the one that is there.
void setEdit(Edits& edits, Edit edit);
/// False: there is none at its place.
bool removeEdit(Edits& edits, const Edit& place);
/// Those of one tensor.
[[nodiscard]] std::span<const Edit> editsOf(const Edits& edits, const TensorKey& tensor);

/// Everything but the logits can be changed by hand.
[[nodiscard]] bool isEditable(TensorName name);
/// Whether a tensor of this name is one matrix for each head.
[[nodiscard]] bool hasHeads(TensorName name);
/// Finite and not too large; −∞ for `scores` alone, where it hides a key as the mask does.
[[nodiscard]] bool isEditValue(TensorName name, double value);

/// Lets an edit remember what it is made against. `shape`: the tensor's heads, rows and columns; the tokens
/// along its rows and columns, null where none run there.
void remember(Edit& edit, const std::array<std::int64_t, 3>& shape, const Tokens* rows,
              const Tokens* columns);
/// Whether it is awake in such a tensor.
[[nodiscard]] bool fits(const Edit& edit, const std::array<std::int64_t, 3>& shape, const Tokens* rows,
                        const Tokens* columns);
/// Whether a token of this text stands at `index`.
[[nodiscard]] bool stands(const Tokens& tokens, std::int64_t index, std::string_view text);

/// Errors: another form, a tensor that cannot be changed, a value that is no number or too large.
[[nodiscard]] Result<Edit> parseEdit(std::string_view text);
/// What parseEdit reads back as the same, but for what it was made against.
[[nodiscard]] std::string formatEdit(const Edit& edit);
/// The same without the value: "blocks.0.q[0,3,1]".
[[nodiscard]] std::string formatPlace(const Edit& edit);

}  // namespace attn
