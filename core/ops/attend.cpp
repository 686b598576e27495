#include "core/ops/attend.h"

#include "core/ops/attention.h"
#include "core/ops/product.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMaxResult = std::int64_t{1} << 30U;
/// Where there are no keys, a value's width is only a word in a header.
constexpr std::int64_t kMaxResultWithoutKeys = std::int64_t{1} << 24U;

/// An array as batch × heads × tokens × dimensions, whatever number of axes it has.
struct Dimensions {
    std::int64_t batch = 1, heads = 1, tokens = 0, width = 0;

    [[nodiscard]] std::int64_t matrix() const { return tokens * width; }
};

struct Problem {
    Dimensions q, k, v;
    std::size_t rank = 2;
    float scale = 1;

    [[nodiscard]] std::int64_t matrices() const { return q.batch * q.heads; }
};

std::string indexText(std::size_t flat, std::span<const std::int64_t> shape) {
    std::vector<std::string> places(shape.size());
    for (std::size_t a = shape.size(); a-- > 0;) {
        places[a] = std::to_string(flat % static_cast<std::size_t>(shape[a]));
        flat /= static_cast<std::size_t>(shape[a]);
    }
    std::string out;
    for (const std::string& place : places) out += (out.empty() ? "" : ", ") + place;
    return out;
}

std::string shapeText(std::span<const std::int64_t> shape) {
    std::string out;
    for (const std::int64_t length : shape) out += (out.empty() ? "" : "×") + std::to_string(length);
    return out.empty() ? tr("a single number") : out;
}

std::string number(std::int64_t value) {
    return std::to_string(value);
}

Result<Dimensions> dimensions(const char* name, const ArrayView& array) {
    if (array.boolean) return fail(tr("%1 holds true and false, not numbers"), {name});
    const auto shape = array.shape;
    if (shape.size() < 2 || shape.size() > 4) {
        return fail(tr("%1 has %2 axes (%3): tokens × dimensions are needed, with heads, or batch and heads, "
                       "before them"),
                    {name, std::to_string(shape.size()), shapeText(shape)});
    }
    Dimensions d;
    d.width = shape[shape.size() - 1];
    d.tokens = shape[shape.size() - 2];
    if (shape.size() >= 3) d.heads = shape[shape.size() - 3];
    if (shape.size() == 4) d.batch = shape[0];
    const auto bad =
        std::find_if(array.values.begin(), array.values.end(), [](float x) { return !std::isfinite(x); });
    if (bad != array.values.end()) {
        const auto flat = static_cast<std::size_t>(bad - array.values.begin());
        return fail(std::isnan(*bad) ? tr("%1 has a NaN at [%2]") : tr("%1 has an infinity at [%2]"),
                    {name, indexText(flat, shape)});
    }
    return d;
}

/// The product, or nothing where it would pass the limit. No factor is negative.
std::optional<std::int64_t> productWithin(std::initializer_list<std::int64_t> factors, std::int64_t limit) {
    if (std::find(factors.begin(), factors.end(), 0) != factors.end()) return 0;
    std::int64_t product = 1;
    for (const std::int64_t factor : factors) {
        if (factor > limit / product) return std::nullopt;
        product *= factor;
    }
    return product;
}

Result<void> checkFit(const Problem& p, const AttendInputs& inputs) {
    if (inputs.k.shape.size() != p.rank || inputs.v.shape.size() != p.rank) {
        const bool isK = inputs.k.shape.size() != p.rank;
        return fail(tr("%1 has %2 axes, q has %3"),
                    {isK ? "k" : "v", std::to_string((isK ? inputs.k : inputs.v).shape.size()),
                     std::to_string(p.rank)});
    }
    for (const auto& [name, other] : {std::pair("k", p.k), std::pair("v", p.v)}) {
        if (other.batch != p.q.batch) {
            return fail(tr("%1 has a batch of %2, q of %3"), {name, number(other.batch), number(p.q.batch)});
        }
    }
    if (p.k.width != p.q.width) {
        return fail(tr("k has %1 dimensions per head, q has %2"), {number(p.k.width), number(p.q.width)});
    }
    if (p.q.width == 0) return fail(tr("q and k have no dimensions"));
    if (p.v.tokens != p.k.tokens) {
        return fail(tr("v has %1 tokens, k has %2"), {number(p.v.tokens), number(p.k.tokens)});
    }
    if (p.v.heads != p.k.heads)
        return fail(tr("v has %1 heads, k has %2"), {number(p.v.heads), number(p.k.heads)});
    if (p.k.heads == 0 ? p.q.heads != 0 : p.q.heads % p.k.heads != 0) {
        return fail(tr("q has %1 heads, which is no multiple of the %2 heads of k and v"),
                    {number(p.q.heads), number(p.k.heads)});
    }
    if (!productWithin({p.q.batch, p.q.heads, p.q.tokens, p.k.tokens}, kMaxResult) ||
        !productWithin({p.q.batch, p.q.heads, p.q.tokens, p.v.width},
                       p.k.tokens == 0 ? kMaxResultWithoutKeys : kMaxResult)) {
        return fail(tr("the result would hold more than %1 numbers: %2 batches × %3 heads × %4 queries × %5 "
                       "keys, %6 value dimensions"),
                    {number(kMaxResult), number(p.q.batch), number(p.q.heads), number(p.q.tokens),
                     number(p.k.tokens), number(p.v.width)});
    }
    if (!std::isfinite(p.scale)) return fail(tr("the scale is not a finite number"));
    if (!std::isfinite(inputs.softcap) || inputs.softcap < 0) {
        return fail(tr("the soft cap is negative or not a finite number"));
    }
    return {};
}

/// A mask's cells for one batch entry and head, made afresh only where they differ from those before.
class MaskReader {
public:
    /// Checks that the mask broadcasts to B×H×Tq×Tk and holds no NaN or +∞.
    [[nodiscard]] static Result<MaskReader> make(const AttendInputs& inputs, const Problem& p) {
        MaskReader reader;
        reader.m_queries = p.q.tokens;
        reader.m_keys = p.k.tokens;
        reader.m_causal = inputs.causal;
        if (!inputs.mask) return reader;
        reader.m_mask = *inputs.mask;
        const auto shape = inputs.mask->shape;
        const std::array<std::int64_t, 4> target{p.q.batch, p.q.heads, p.q.tokens, p.k.tokens};
        bool fits = shape.size() <= target.size();
        std::uint64_t stride =
            1;  // wraps where the lengths of an empty array are absurd; it is not used then
        for (std::size_t i = 0; fits && i < shape.size(); ++i) {
            const std::int64_t length = shape[shape.size() - 1 - i];
            const std::size_t axis = target.size() - 1 - i;
            fits = length == target[axis] || length == 1;
            reader.m_strides[axis] = length == 1 ? 0 : static_cast<std::int64_t>(stride);
            stride *= static_cast<std::uint64_t>(length);
        }
        if (!fits) {
            return fail(tr("the mask's shape %1 does not broadcast to %2 (batch × heads × queries × keys)"),
                        {shapeText(shape), shapeText(target)});
        }
        const auto values = inputs.mask->values;
        const auto bad = std::find_if(values.begin(), values.end(), [](float x) {
            return std::isnan(x) || x == std::numeric_limits<float>::infinity();
        });
        if (bad != values.end()) {
            const auto flat = static_cast<std::size_t>(bad - values.begin());
            return fail(std::isnan(*bad) ? tr("the mask has a NaN at [%1]") : tr("the mask has +∞ at [%1]"),
                        {indexText(flat, shape)});
        }
        return reader;
    }

    /// Fills in what forbids and what is added; valid until the next call.
    void apply(std::int64_t batch, std::int64_t head, ScoreAdjustment& adjustment) {
        const std::int64_t offset = batch * m_strides[0] + head * m_strides[1];
        if (offset != m_offset) {
            m_offset = offset;
            read();
        }
        adjustment.allowed = m_allowed.empty() ? nullptr : m_allowed.data();
        adjustment.bias = m_bias.empty() ? nullptr : m_bias.data();
    }

private:
    void read() {
        const bool boolean = m_mask && m_mask->boolean;
        const auto cells = static_cast<std::size_t>(m_queries * m_keys);
        if (m_causal || boolean) m_allowed.assign(cells, 1);
        if (m_mask && !boolean) m_bias.resize(cells);
        for (std::int64_t i = 0; i < m_queries; ++i) {
            for (std::int64_t j = 0; j < m_keys; ++j) {
                const auto cell = static_cast<std::size_t>(i * m_keys + j);
                if (m_causal && j > i) m_allowed[cell] = 0;
                if (!m_mask) continue;
                const float value =
                    m_mask->values[static_cast<std::size_t>(m_offset + i * m_strides[2] + j * m_strides[3])];
                if (!boolean) {
                    m_bias[cell] = value;
                } else if (value == 0.0F) {
                    m_allowed[cell] = 0;
                }
            }
        }
    }

    std::optional<ArrayView> m_mask;
    bool m_causal = false;
    std::int64_t m_queries = 0, m_keys = 0;
    std::array<std::int64_t, 4> m_strides{};
    std::int64_t m_offset = -1;
    std::vector<std::uint8_t> m_allowed;
    std::vector<float> m_bias;
};

MatrixView matrixAt(const ArrayView& array, const Dimensions& d, std::int64_t index) {
    return {array.values.data() + index * d.matrix(), d.tokens, d.width, Eigen::OuterStride<>(d.width)};
}

Array makeArray(const Problem& p, std::int64_t columns) {
    Array array;
    const std::array<std::int64_t, 4> shape{p.q.batch, p.q.heads, p.q.tokens, columns};
    array.shape.assign(shape.end() - static_cast<std::ptrdiff_t>(p.rank), shape.end());
    array.values.resize(
        static_cast<std::size_t>(*productWithin({shape[0], shape[1], shape[2], shape[3]}, kMaxResult)));
    return array;
}

void compute(const Problem& p, const AttendInputs& inputs, MaskReader& mask, AttendOutputs& out) {
    const Index rows = p.q.tokens, keys = p.k.tokens, width = p.v.width;
    const auto place = [&](Array& array, std::int64_t index, Index columns) {
        return MatrixSpan(array.values.data() + index * rows * columns, rows, columns,
                          Eigen::OuterStride<>(columns));
    };
    Matrix raw(rows, keys), pattern(rows, keys);
    constexpr float kLargest = std::numeric_limits<float>::max();
    for (std::int64_t index = 0; index < p.matrices(); ++index) {
        const std::int64_t batch = index / p.q.heads, head = index % p.q.heads;
        const std::int64_t shared = batch * p.k.heads + head / (p.q.heads / p.k.heads);
        const MatrixView q = matrixAt(inputs.q, p.q, index), k = matrixAt(inputs.k, p.k, shared);
        dotScores(q, k, span(raw), dotsMayOverflow(q, k));
        ScoreAdjustment adjustment{p.scale, inputs.softcap, nullptr, nullptr};
        mask.apply(batch, head, adjustment);
        if (inputs.wantScores) adjustScores(view(raw), adjustment, place(out.scores, index, keys));
        if (!inputs.wantPattern && !inputs.wantZ) continue;
        softmaxScores(view(raw), adjustment, span(pattern));
        if (inputs.wantPattern) place(out.pattern, index, keys) = pattern;
        if (!inputs.wantZ || width == 0) continue;
        MatrixSpan z = place(out.z, index, width);
        multiply(view(pattern), matrixAt(inputs.v, p.v, shared), z);
        // Weights that sum to 1 + ε can carry values at the end of float's range past it.
        z = z.cwiseMax(-kLargest).cwiseMin(kLargest).eval();
    }
}

}  // namespace

Result<AttendOutputs> attend(const AttendInputs& inputs) {
    Problem p;
    for (const auto& [name, array, target] :
         {std::tuple("q", &inputs.q, &p.q), std::tuple("k", &inputs.k, &p.k),
          std::tuple("v", &inputs.v, &p.v)}) {
        const Result<Dimensions> d = dimensions(name, *array);
        if (!d) return tl::unexpected(d.error());
        *target = *d;
    }
    p.rank = inputs.q.shape.size();
    p.scale = inputs.scale.value_or(
        static_cast<float>(1.0 / std::sqrt(static_cast<double>(std::max<std::int64_t>(p.q.width, 1)))));
    if (Result<void> fit = checkFit(p, inputs); !fit) return tl::unexpected(std::move(fit.error()));
    Result<MaskReader> mask = MaskReader::make(inputs, p);
    if (!mask) return tl::unexpected(std::move(mask.error()));

    AttendOutputs out;
    if (inputs.wantScores) out.scores = makeArray(p, p.k.tokens);
    if (inputs.wantPattern) out.pattern = makeArray(p, p.k.tokens);
    if (inputs.wantZ) out.z = makeArray(p, p.v.width);
    // Lengths of empty arrays are only words in a header: nothing may be looped over or made for them.
    // Without keys z is already the zeros that it must be.
    const bool anything = productWithin({p.q.batch, p.q.heads, p.q.tokens, p.k.tokens}, kMaxResult) != 0;
    if (anything) compute(p, inputs, *mask, out);
    return out;
}

}  // namespace attn
