#include "core/analysis/flow_file.h"

#include "core/analysis/shown_row.h"
#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace attn {
namespace {

using nlohmann::ordered_json;

std::string textOf(const Tokens& tokens, Index index) {
    return tokenForFile(tokens.items.at(static_cast<std::size_t>(index)).text);
}

std::string number(double value) {
    return shortestDecimal(static_cast<float>(value));
}

/// One line; what it has none of stays empty.
std::string line(const std::string& site, const char* part, const std::string& head, const std::string& key,
                 const std::string& token, double norm, const std::string& projection) {
    return csvField(site) + "," + part + "," + head + "," + key + "," + csvField(token) + "," + number(norm) +
           "," + projection + "\n";
}

/// The keys of a step's site, as they are shown.
struct Keys {
    const Trace& trace;
    TensorKey pattern;

    [[nodiscard]] std::string text(Index place) const {
        return textOf(*trace.tokensAlong(pattern, Axis::Keys), place);
    }
    [[nodiscard]] Index number(Index place) const {
        return tokensAt(trace, pattern, Axis::Keys, place).first;
    }
    [[nodiscard]] Index hidden() const {
        return trace.shownTokens() ? trace.shownTokens()->along(pattern, Axis::Keys)->hidden() : 0;
    }
};

Keys keysOf(const Trace& trace, const FlowStep& step) {
    return {trace, {step.site, TensorName::Pattern}};
}

std::string writeLines(const std::string& site, const FlowWrite& write, const Keys& keys) {
    const std::string head = write.head >= 0 ? std::to_string(write.head) : std::string();
    std::string out = line(site, toString(write.part), head, {}, {}, write.norm, number(write.projection));
    for (const FlowSource& source : write.sources)
        out += line(site, "source", head, std::to_string(keys.number(source.key)), keys.text(source.key),
                    source.norm, {});
    if (write.hiddenSources > 0) out += line(site, "hidden", head, {}, {}, write.hiddenSources, {});
    return out;
}

ordered_json toJson(const FlowWrite& write, const Keys& keys) {
    ordered_json out = ordered_json::object();
    if (write.head >= 0) out["head"] = write.head;
    out["norm"] = write.norm;
    out["projection"] = write.projection;
    const double fed = write.otherSources + write.hiddenSources;
    if (write.part != FlowPart::Head || (write.sources.empty() && fed == 0)) return out;
    ordered_json sources = ordered_json::array();
    for (const FlowSource& source : write.sources)
        sources.push_back(
            {{"key", keys.number(source.key)}, {"token", keys.text(source.key)}, {"norm", source.norm}});
    out["sources"] = std::move(sources);
    out["other_sources"] = write.otherSources;
    if (keys.hidden() > 0) out["hidden_sources"] = write.hiddenSources;
    return out;
}

}  // namespace

const char* toString(FlowPart part) {
    switch (part) {
        case FlowPart::Head:
            return "head";
        case FlowPart::Others:
            return "others";
        case FlowPart::Bias:
            return "bias";
        case FlowPart::Mlp:
            return "mlp";
        case FlowPart::Norm:
            return "norm";
        case FlowPart::Edit:
            return "edit";
    }
    return "";
}

std::string flowToCsv(const Trace& trace, const TokenFlow& flow) {
    std::string out = "site,part,head,key,key_token,norm,projection\n";
    if (flow.steps.empty()) return out;
    out += line(flow.steps.front().site, "start", {}, {}, {}, flow.start, number(flow.startProjection));
    for (const FlowStep& step : flow.steps) {
        const Keys keys = keysOf(trace, step);
        for (const std::vector<FlowWrite>* list : {&step.heads, &step.others, &step.rest})
            for (const FlowWrite& write : *list) out += writeLines(step.site, write, keys);
        out += line(step.site, "resid", {}, {}, {}, step.after, {});
    }
    return out;
}

std::string flowToJson(const Trace& trace, const TokenFlow& flow) {
    ordered_json steps = ordered_json::array();
    for (const FlowStep& step : flow.steps) {
        const Keys keys = keysOf(trace, step);
        ordered_json made = {{"site", step.site},
                             {"mlp", step.mlp},
                             {"carries", step.carries},
                             {"before", step.before},
                             {"after", step.after}};
        if (!step.mlp) {
            if (keys.hidden() > 0) made["hidden_keys"] = keys.hidden();
            ordered_json heads = ordered_json::array();
            for (const FlowWrite& head : step.heads) heads.push_back(toJson(head, keys));
            made["heads"] = std::move(heads);
        }
        for (const std::vector<FlowWrite>* list : {&step.others, &step.rest}) {
            for (const FlowWrite& write : *list)
                made[write.part == FlowPart::Mlp ? "mlp_out" : toString(write.part)] = toJson(write, keys);
        }
        steps.push_back(std::move(made));
    }
    ordered_json document = {{"query", flow.query}};
    if (!flow.steps.empty()) {
        const Trace& all = asComputed(trace);
        document["token"] = textOf(all.queryTokens(*all.site(flow.steps.front().site)), flow.query);
    }
    document["start"] = flow.start;
    document["start_projection"] = flow.startProjection;
    document["end"] = flow.end;
    document["steps"] = std::move(steps);
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
