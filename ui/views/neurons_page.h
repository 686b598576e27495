#pragma once
/// What the Neurons page shows, worked out from a trace: strips, sums, captions and data, without widgets.
/// The window and `attention-lab export --view neurons` draw the same.

#include "core/analysis/neurons_file.h"
#include "core/scene/scene.h"
#include "ui/model/selection.h"
#include "ui/plot/neurons_data.h"
#include "ui/views/figure_source.h"
#include "ui/views/trace_adapter.h"

#include <QCoreApplication>
#include <QString>

#include <memory>
#include <vector>

namespace attn::ui {

class NeuronsPage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::NeuronsPage)
public:
    /// Lines of a figure: the keys with most weight.
    static constexpr std::size_t kFigureKeys = 40;
    static constexpr std::size_t kListed = 12;

    /// One summand of the key that is looked at.
    struct Contribution {
        Index dimension = 0;
        double left = 0, right = 0, value = 0;
        bool off = false;
    };

    NeuronsPage() = default;
    /// Without a selected query it is the first, without a key the one with most weight. `shown`: the head's
    /// trace as its tokens are shown. Hidden keys have no line, and a hidden query gives way to the next one.
    /// Weights may be renormalised; those of a word's pieces are added up beside them. Scores and terms stay
    /// those of single tokens. `cell` speaks of tokens.
    NeuronsPage(const Trace& shown, const SiteInfo& site, std::shared_ptr<const NeuronHead> head,
                const NeuronsView& view, const Cell& cell, TraceAdapter& adapter);

    [[nodiscard]] const NeuronsData& data() const { return m_data; }
    [[nodiscard]] Index query() const { return m_data.row ? m_data.row->query : -1; }
    [[nodiscard]] Index key() const { return m_key; }
    /// Dimensions that are off here: those that the head has.
    [[nodiscard]] const std::vector<Index>& off() const { return m_off; }
    /// The largest ones by size first, at most kListed, and those that are off.
    [[nodiscard]] std::vector<Contribution> contributions() const;

    /// Whether there is such a place in the picture.
    [[nodiscard]] bool has(const NeuronsPlace& place) const;
    /// From the terms to the weight of the pair, or of a cell under the pointer its arithmetic.
    [[nodiscard]] QString caption(const NeuronsPlace& hovered) const;
    /// What the terms are, what was set by hand, how tokens are shown.
    [[nodiscard]] QString note() const;
    [[nodiscard]] PageSource source() const;

private:
    void colourRanges();
    [[nodiscard]] QString token(Index key) const;
    [[nodiscard]] QString pairCaption() const;
    [[nodiscard]] QString termsNote() const;
    [[nodiscard]] static QString setByHandNote();
    void show(const Trace& shown, const SiteInfo& site, NeuronRow row);
    [[nodiscard]] std::vector<NeuronsWord> wordsOf(const std::vector<Index>& lines) const;
    [[nodiscard]] QString shownCaption() const;
    [[nodiscard]] QString cellCaption(const NeuronsPlace& place) const;
    [[nodiscard]] NeuronsData figureData() const;

    NeuronsData m_data;
    Index m_key = -1;
    std::vector<Index> m_off;
    bool m_setByHand = false;       ///< scores or weights of the site
    QString m_tokensNote;           ///< how tokens are shown, where not one by one
    std::vector<float> m_computed;  ///< the weights before they were renormalised
    NeuronLabels m_labels;
};

}  // namespace attn::ui
