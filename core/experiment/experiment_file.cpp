#include "core/experiment/experiment_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <utility>

namespace attn::experiment {
namespace {

using nlohmann::ordered_json;

void append(std::string& out, double value) {
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    static_cast<void>(error);  // 32 bytes are enough for every double
    out.append(text, end);
}

struct Column {
    const char* name;
    double value;
};

std::size_t placeOf(const ScalingSettings& settings, double exponent) {
    const auto found = std::find(settings.exponents.begin(), settings.exponents.end(), exponent);
    assert(found != settings.exponents.end());
    return static_cast<std::size_t>(found - settings.exponents.begin());
}

std::array<Column, 12> columnsOf(const ScalingSnapshot& snapshot, const ScoreMeasures& row) {
    const RowMeans& unscaled = row.scales[placeOf(snapshot.settings, 0)];
    const RowMeans& scaled = row.scales[placeOf(snapshot.settings, 0.5)];
    return {{{"mean", row.mean.value},
             {"variance", row.variance.value},
             {"scaled_mean", row.scaledMean(scaled.factor).value},
             {"scaled_variance", row.scaledVariance(scaled.factor).value},
             {"entropy_unscaled", unscaled.entropyNats.value},
             {"entropy_scaled", scaled.entropyNats.value},
             {"max_p_unscaled", unscaled.maxP.value},
             {"max_p_scaled", scaled.maxP.value},
             {"jacobian_unscaled", unscaled.jacobianFrobenius.value},
             {"jacobian_scaled", scaled.jacobianFrobenius.value},
             {"saturated_unscaled", unscaled.saturated.value},
             {"saturated_scaled", scaled.saturated.value}}};
}

}  // namespace

std::string saturationToCsv(const std::vector<SaturationRow>& rows) {
    std::string out = "scale";
    const std::size_t n = rows.empty() ? 0 : rows.front().p.size();
    for (std::size_t i = 1; i <= n; ++i) out += ",p_" + std::to_string(i);
    out += ",max_p,entropy_nats,jacobian_frobenius\n";
    for (const SaturationRow& row : rows) {
        append(out, row.scale);
        for (const double p : row.p) {
            out += ',';
            append(out, p);
        }
        for (const double value :
             {row.measures.maxP, row.measures.entropyNats, row.measures.jacobianFrobenius}) {
            out += ',';
            append(out, value);
        }
        out += '\n';
    }
    return out;
}

std::string saturationToJson(const std::vector<double>& logits, const std::vector<SaturationRow>& rows) {
    ordered_json out = {{"logits", logits}, {"rows", ordered_json::array()}};
    for (const SaturationRow& row : rows) {
        out["rows"].push_back({{"scale", row.scale},
                               {"p", row.p},
                               {"max_p", row.measures.maxP},
                               {"entropy_nats", row.measures.entropyNats},
                               {"jacobian_frobenius", row.measures.jacobianFrobenius}});
    }
    return out.dump() + "\n";
}

std::string scalingToCsv(const ScalingSnapshot& snapshot) {
    std::string out = "dk";
    for (const Column& column : columnsOf(snapshot, snapshot.rows.front())) {
        out += ',';
        out += column.name;
    }
    out += '\n';
    for (const ScoreMeasures& row : snapshot.rows) {
        out += std::to_string(row.dk);
        for (const Column& column : columnsOf(snapshot, row)) {
            out += ',';
            append(out, column.value);
        }
        out += '\n';
    }
    return out;
}

std::string scalingToJson(const ScalingSnapshot& snapshot) {
    ordered_json out = {{"keys", snapshot.settings.keys},
                        {"samples", snapshot.samples},
                        {"seed", snapshot.settings.seed},
                        {"rows", ordered_json::array()}};
    for (const ScoreMeasures& row : snapshot.rows) {
        ordered_json cells = {{"dk", row.dk}};
        for (const Column& column : columnsOf(snapshot, row)) cells[column.name] = column.value;
        out["rows"].push_back(std::move(cells));
    }
    return out.dump() + "\n";
}

}  // namespace attn::experiment
