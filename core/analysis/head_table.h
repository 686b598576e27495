#pragma once
/// Measures of heads as files.

#include "core/analysis/head_measures.h"
#include "core/scene/ablation.h"

#include <optional>
#include <string>
#include <vector>

namespace attn {

struct HeadRow {
    std::string site;
    std::int64_t head = 0;
    std::optional<AblationKind> off;
    HeadMeasures measures{};
};

/// Those of the text, in the order of the enumeration; with `probed` those of the probe behind them.
[[nodiscard]] std::vector<HeadMeasure> tabledMeasures(bool probed);

/// site,head,off,entropy,largest,… one row for each head; empty where it is on, or has no such measure.
[[nodiscard]] std::string headsToCsv(const std::vector<HeadRow>& rows,
                                     const std::vector<HeadMeasure>& measures = tabledMeasures(false));
/// {"heads": [{"site", "head", "off", "entropy", …}, …]}; null where it is on, or has no such measure.
[[nodiscard]] std::string headsToJson(const std::vector<HeadRow>& rows,
                                      const std::vector<HeadMeasure>& measures = tabledMeasures(false));

}  // namespace attn
