#pragma once
/// What the Links page shows, worked out from a trace: lines, captions and data, without widgets. The window
/// and `attention-lab export --view links|arcs` draw the same.

#include "core/analysis/links.h"
#include "core/analysis/weights.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/model/selection.h"
#include "ui/plot/links_data.h"
#include "ui/views/figure_source.h"

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <vector>

namespace attn::ui {

/// What the lines are of: what HeadsView::weights says, but for the flow, which is that of one query.
[[nodiscard]] WeightKind linksKind(const View& view);
/// The chosen heads; those that the site does not have are left out, without any it is `head`.
[[nodiscard]] std::vector<Index> linksHeads(const SiteInfo& site, const LinksView& view, Index head);

class LinksPage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::LinksPage)
public:
    static constexpr std::size_t kColours = 8;

    LinksPage() = default;
    /// `view`: its heads and how they are drawn. `weights`: of linksKind, the site's pattern, one matrix for
    /// each of linksHeads, or one for the site; null where they are still being worked out. `allTokens`: the
    /// same between all tokens, where special ones are hidden (tokens_note.h).
    LinksPage(const Trace& trace, const SiteInfo& site, TensorPtr weights, const View& view, Index head,
              const TensorPtr& allTokens = nullptr);

    [[nodiscard]] bool isComplete() const { return m_weights != nullptr; }
    [[nodiscard]] const LinksData& data() const { return m_data; }
    [[nodiscard]] const Links& links() const { return m_links; }
    /// One of −1 where all share the weights.
    [[nodiscard]] const std::vector<Index>& heads() const { return m_heads; }
    /// How tokens are shown, where not one by one.
    [[nodiscard]] const QString& note() const { return m_note; }

    /// What a cell of places (trace_adapter.h) means: the query's links, or where only a key is chosen, that
    /// key's.
    [[nodiscard]] std::optional<LinksFocus> focus(const Cell& cell) const;
    /// What is drawn and what is left out, or of a focus: what it attends to most.
    [[nodiscard]] QString caption(const std::optional<LinksFocus>& focus) const;

    [[nodiscard]] PageSource source() const;

private:
    [[nodiscard]] LinkLine line(const Link& link) const;
    [[nodiscard]] QString headsTitle(const SiteInfo& site) const;
    [[nodiscard]] QString focusCaption(const LinksFocus& focus) const;
    [[nodiscard]] QString kindCaption() const;
    void findLinks();
    [[nodiscard]] QString tokenText(LinksToken::Side side, Index index) const;

    std::vector<Index> m_heads;
    std::vector<Index> m_matrices;  ///< of each of them, in the weights
    std::vector<int> m_colors;      ///< of each of them
    WeightKind m_kind = WeightKind::Pattern;
    double m_widest = 1;  ///< the weight of the widest line: 1 where they are shares
    TensorPtr m_weights;
    LinksData m_data;
    Links m_links;
    LinksView m_view;
    std::string m_site;
    QString m_note;
    std::vector<std::string> m_queryTokens, m_keyTokens;  ///< as files hold them
};

/// A slot of the palette for each head, in the order of `heads`: a head's own (its number modulo 8) where
/// that is free, so that heads keep their colours while others come and go; −1 from the ninth on.
[[nodiscard]] std::vector<int> linkColors(const std::vector<Index>& heads);

}  // namespace attn::ui
