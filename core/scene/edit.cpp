#include "core/scene/edit.h"

#include "core/scene/parameter.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kLargestPlace = std::numeric_limits<std::int32_t>::max();

auto lowerBound(const Edits& edits, const Edit& place) {
    return std::lower_bound(edits.begin(), edits.end(), place,
                            [](const Edit& a, const Edit& b) { return std::is_lt(comparePlaces(a, b)); });
}

/// Whether what an edit remembers of an axis still holds there.
bool axisFits(std::int64_t index, std::int64_t length, const Tokens* tokens, std::int64_t rememberedLength,
              std::string_view rememberedToken) {
    if (index < 0 || index >= length) return false;
    if (tokens == nullptr) return rememberedLength == 0 || rememberedLength == length;
    return rememberedToken.empty() || stands(*tokens, index, rememberedToken);
}

/// "0,3,1" as numbers; empty where it is none.
std::vector<std::int64_t> readPlace(std::string_view text) {
    std::vector<std::int64_t> numbers;
    while (true) {
        const std::size_t comma = text.find(',');
        const std::string_view item = text.substr(0, comma);
        std::int64_t number = 0;
        const char* const end = item.data() + item.size();
        const auto [stop, error] = std::from_chars(item.data(), end, number);
        if (error != std::errc() || stop != end || number < 0 || number > kLargestPlace) return {};
        numbers.push_back(number);
        if (comma == std::string_view::npos) return numbers;
        text.remove_prefix(comma + 1);
    }
}

bool readNumber(std::string_view text, double& out) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && stop == end && !text.empty();
}

}  // namespace

std::strong_ordering comparePlaces(const Edit& a, const Edit& b) {
    if (const auto tensors = a.tensor <=> b.tensor; tensors != std::strong_ordering::equal) return tensors;
    if (const auto heads = a.head <=> b.head; heads != std::strong_ordering::equal) return heads;
    if (const auto rows = a.row <=> b.row; rows != std::strong_ordering::equal) return rows;
    return a.column <=> b.column;
}

void setEdit(Edits& edits, Edit edit) {
    const auto place = edits.begin() + (lowerBound(edits, edit) - edits.cbegin());
    if (place != edits.end() && comparePlaces(*place, edit) == std::strong_ordering::equal) {
        *place = std::move(edit);
    } else {
        edits.insert(place, std::move(edit));
    }
}

bool removeEdit(Edits& edits, const Edit& place) {
    const auto found = lowerBound(edits, place);
    if (found == edits.end() || comparePlaces(*found, place) != std::strong_ordering::equal) return false;
    edits.erase(found);
    return true;
}

std::span<const Edit> editsOf(const Edits& edits, const TensorKey& tensor) {
    const auto first =
        std::lower_bound(edits.begin(), edits.end(), tensor,
                         [](const Edit& edit, const TensorKey& key) { return edit.tensor < key; });
    auto last = first;
    while (last != edits.end() && last->tensor == tensor) ++last;
    return {first, last};
}

bool isEditable(TensorName name) {
    return name != TensorName::Logits;
}

bool hasHeads(TensorName name) {
    switch (name) {
        case TensorName::TokenEmbed:
        case TensorName::PosEmbed:
        case TensorName::Embed:
        case TensorName::ResidPre:
        case TensorName::AttnOut:
        case TensorName::MlpOut:
        case TensorName::ResidPost:
        case TensorName::Logits:
            return false;
        default:
            return true;
    }
}

bool isEditValue(TensorName name, double value) {
    if (std::isinf(value)) return value < 0 && name == TensorName::Scores;
    return std::abs(value) <= kLargestEdit;
}

void remember(Edit& edit, const std::array<std::int64_t, 3>& shape, const Tokens* rows,
              const Tokens* columns) {
    const auto textOf = [](const Tokens* tokens, std::int64_t index) {
        return tokens == nullptr ? std::string() : tokens->items[static_cast<std::size_t>(index)].text;
    };
    edit.heads = hasHeads(edit.tensor.name) ? shape[0] : 0;
    edit.rows = rows == nullptr ? shape[1] : 0;
    edit.columns = columns == nullptr ? shape[2] : 0;
    edit.rowToken = textOf(rows, edit.row);
    edit.columnToken = textOf(columns, edit.column);
}

bool fits(const Edit& edit, const std::array<std::int64_t, 3>& shape, const Tokens* rows,
          const Tokens* columns) {
    return axisFits(edit.head, shape[0], nullptr, edit.heads, {}) &&
           axisFits(edit.row, shape[1], rows, edit.rows, edit.rowToken) &&
           axisFits(edit.column, shape[2], columns, edit.columns, edit.columnToken);
}

bool stands(const Tokens& tokens, std::int64_t index, std::string_view text) {
    if (index < 0 || static_cast<std::size_t>(index) >= tokens.items.size()) return false;
    const std::string& there = tokens.items[static_cast<std::size_t>(index)].text;
    // A lone byte comes back from a scene file as U+FFFD.
    return there == text || repairUtf8(there) == text;
}

Result<Edit> parseEdit(std::string_view text) {
    const auto malformed = [&] {
        return fail(tr("'%1' is not TENSOR[head,row,column]=NUMBER: blocks.0.q[0,3,1]=2.5, for instance"),
                    {std::string(text)});
    };
    const std::size_t open = text.find('['), close = text.find("]=");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return malformed();
    const std::optional<TensorKey> tensor = TensorKey::fromFullName(text.substr(0, open));
    if (!tensor || !isEditable(tensor->name)) {
        return fail(tr("'%1': '%2' is no tensor that can be changed"),
                    {std::string(text), std::string(text.substr(0, open))});
    }
    const std::vector<std::int64_t> place = readPlace(text.substr(open + 1, close - open - 1));
    if (place.empty()) return malformed();
    const bool heads = hasHeads(tensor->name);
    if (place.size() != (heads ? 3U : 2U)) {
        return heads ? fail(tr("'%1': %2 has heads, give [head,row,column]"),
                            {std::string(text), toString(tensor->name)})
                     : fail(tr("'%1': %2 has no heads, give [row,column]"),
                            {std::string(text), toString(tensor->name)});
    }
    Edit edit;
    edit.tensor = *tensor;
    edit.head = heads ? place.front() : 0;
    edit.row = place[place.size() - 2];
    edit.column = place.back();
    const std::string_view number = text.substr(close + 2);
    if (!readNumber(number, edit.value)) return malformed();
    if (!isEditValue(tensor->name, edit.value)) {
        return fail(
            tr("'%1': %2 is outside %3 … %4"),
            {std::string(text), std::string(number), formatValue(-kLargestEdit), formatValue(kLargestEdit)});
    }
    return edit;
}

std::string formatPlace(const Edit& edit) {
    return edit.tensor.fullName() + "[" +
           (hasHeads(edit.tensor.name) ? std::to_string(edit.head) + "," : std::string()) +
           std::to_string(edit.row) + "," + std::to_string(edit.column) + "]";
}

std::string formatEdit(const Edit& edit) {
    return formatPlace(edit) + "=" + (std::isinf(edit.value) ? "-inf" : formatValue(edit.value));
}

}  // namespace attn
