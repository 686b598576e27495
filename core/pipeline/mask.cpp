#include "core/pipeline/mask.h"

#include <cstdlib>

namespace attn {
namespace {

bool allowedByRule(const EffectiveParameters& p, Index query, Index key, Index keys) {
    switch (p.mask) {
        case MaskKind::None:
            return true;
        case MaskKind::Causal:
            return key <= query;
        case MaskKind::Local:
            return std::abs(query - key) <= p.maskWindow;
        case MaskKind::Padding:
            return key < keys - p.maskPadding;
        case MaskKind::Sliding:
            return key <= query && query - key < p.maskWindow;
    }
    return true;
}

bool fits(const PaintedCell& cell, const Tokens& queries, const Tokens& keys) {
    return stands(queries, cell.query, cell.queryToken) && stands(keys, cell.key, cell.keyToken);
}

}  // namespace

MaskPlan planMask(const EffectiveParameters& p, const std::vector<PaintedCell>& painted,
                  const std::string& site, const Tokens& queries, const Tokens& keys) {
    MaskPlan plan;
    plan.queries = static_cast<Index>(queries.items.size());
    plan.keys = static_cast<Index>(keys.items.size());
    const std::size_t size = queries.items.size() * keys.items.size();
    const auto ensureCells = [&] {
        if (!plan.cells.empty() || size == 0) return;
        plan.cells.resize(size);
        for (Index i = 0; i < plan.queries; ++i) {
            for (Index j = 0; j < plan.keys; ++j) {
                plan.cells[static_cast<std::size_t>(i * plan.keys + j)] =
                    allowedByRule(p, i, j, plan.keys) ? 1 : 0;
            }
        }
    };
    if (p.mask != MaskKind::None) ensureCells();
    for (std::size_t c = 0; c < painted.size(); ++c) {
        const PaintedCell& cell = painted[c];
        if (cell.site != site) continue;
        if (!fits(cell, queries, keys)) {
            plan.sleeping.push_back(c);
            continue;
        }
        ensureCells();
        if (plan.byHand.empty()) plan.byHand.resize(size);
        const auto at = static_cast<std::size_t>(cell.query * plan.keys + cell.key);
        plan.cells[at] = cell.allowed ? 1 : 0;
        plan.byHand[at] = 1;
    }
    return plan;
}

std::string paintedKey(const std::vector<PaintedCell>& painted, const std::string& site) {
    std::string key;
    for (const PaintedCell& cell : painted) {
        if (cell.site != site) continue;
        key += std::to_string(cell.query) + '\0' + std::to_string(cell.key) + '\0' + cell.queryToken + '\0' +
               cell.keyToken + (cell.allowed ? "+" : "-");
    }
    return key;
}

}  // namespace attn
