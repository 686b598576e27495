#include "core/analysis/links.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace attn {
namespace {

bool stronger(const Link& a, const Link& b) {
    return std::tuple(-a.weight, a.head, a.query, a.key) < std::tuple(-b.weight, b.head, b.query, b.key);
}

}  // namespace

Links strongestLinks(const Tensor& pattern, std::span<const Index> heads, const LinkLimits& limits) {
    Links links;
    std::size_t linked = 0;
    double all = 0;
    const auto threshold = static_cast<float>(limits.threshold);
    std::vector<Link>& found = links.strongest;
    // Twice as many as are wanted, then the weaker half goes: memory stays small whatever the pattern's size.
    const std::size_t room = 2 * limits.most + 64;
    const auto keepStrongest = [&] {
        if (found.size() <= limits.most) return;
        const auto end = found.begin() + static_cast<std::ptrdiff_t>(limits.most);
        std::nth_element(found.begin(), end, found.end(), stronger);
        found.erase(end, found.end());
    };
    for (const Index head : heads) {
        assert(head >= 0 && head < pattern.heads());
        const MatrixView weights = pattern.matrix(head);
        for (Index query = 0; query < pattern.rows(); ++query) {
            const float* const row = weights.data() + query * weights.outerStride();
            double sum = 0;
            for (Index key = 0; key < pattern.cols(); ++key) {
                const float weight = row[key];
                if (!(weight > 0)) continue;
                ++linked;
                sum += static_cast<double>(weight);
                if (weight < threshold) continue;
                found.push_back({head, query, key, weight});
                if (found.size() >= room) keepStrongest();
            }
            all += sum;
        }
    }
    keepStrongest();
    std::sort(found.begin(), found.end(), stronger);
    double shown = 0;
    for (const Link& link : found) shown += static_cast<double>(link.weight);
    links.hidden = linked - found.size();
    links.hiddenShare = links.hidden > 0 && all > 0 ? std::clamp(1 - shown / all, 0.0, 1.0) : 0;
    return links;
}

}  // namespace attn
