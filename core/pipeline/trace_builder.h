#pragma once
/// Fills a trace before anybody sees it.

#include "core/pipeline/evaluation.h"
#include "core/trace/site_sources.h"
#include "core/trace/trace.h"

#include <memory>
#include <string>
#include <utility>

namespace attn {

class TraceBuilder {
public:
    explicit TraceBuilder(std::shared_ptr<const Inputs> inputs) : m_trace(std::make_shared<Trace>()) {
        m_trace->m_inputs = std::move(inputs);
    }

    void setModel(std::shared_ptr<const ModelInfo> model) { m_trace->m_model = std::move(model); }
    void setTokens(Sequence sequence, std::shared_ptr<const Tokens> tokens) {
        m_trace->m_sequences[static_cast<std::size_t>(sequence)] = std::move(tokens);
    }
    void setLogitRows(std::shared_ptr<const RowEntries> rows, bool predictsNext) {
        m_trace->m_logitRows = std::move(rows);
        m_trace->m_predictsNext = predictsNext;
    }
    void setTokenizer(std::shared_ptr<const ModelTokenizer> tokenizer, std::int64_t maskTokenId) {
        m_trace->m_tokenizer = std::move(tokenizer);
        m_trace->m_maskTokenId = maskTokenId;
    }
    void addSite(SiteInfo site, const EffectiveParameters& parameters, std::shared_ptr<const MaskPlan> mask,
                 ScoreWeights scoreWeights) {
        m_trace->m_parameters.insert_or_assign(site.name, parameters);
        m_trace->m_masks[site.name] = std::move(mask);
        m_trace->m_scoreWeights[site.name] = std::move(scoreWeights);
        m_trace->m_sites.push_back(std::move(site));
    }
    void setSources(const std::string& site, SiteSources sources) {
        m_trace->m_sources[site] = std::make_shared<const SiteSources>(std::move(sources));
    }
    void setOutputSources(OutputSources sources) {
        m_trace->m_outputSources = std::make_shared<const OutputSources>(std::move(sources));
    }
    /// `before`: the tensor without these edits.
    void addEdited(const TensorKey& key, TensorEditsPtr edits, EntryPtr before) {
        m_trace->m_edited[key] = {std::move(edits), std::move(before)};
    }
    void add(TensorKey key, EntryPtr entry) {
        m_trace->m_keys.push_back(key);
        m_trace->m_entries[std::move(key)] = std::move(entry);
    }

    TracePtr finish(const Evaluation& evaluation) {
        const Edits& edits = m_trace->m_inputs->edits;
        for (std::size_t i = 0; i < edits.size(); ++i) {
            const TensorEdits* const awake = m_trace->edits(edits[i].tensor);
            if (awake == nullptr || awake->find(edits[i].head, edits[i].row, edits[i].column) == nullptr)
                m_trace->m_sleepingEdits.push_back(i);
        }
        m_trace->m_recomputed = evaluation.ran();
        m_trace->m_memory = evaluation.memory();
        return std::move(m_trace);
    }
    static std::shared_ptr<const StageMemory> memoryOf(const TracePtr& trace) {
        return trace ? trace->m_memory : nullptr;
    }

private:
    std::shared_ptr<Trace> m_trace;
};

}  // namespace attn
