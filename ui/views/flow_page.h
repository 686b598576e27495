#pragma once
/// What the Flow page shows, worked out from a token's way through the layers: picture, captions and data,
/// without widgets. The window and `attention-lab export --view flow` draw the same.

#include "core/analysis/flow.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/plot/flow_data.h"
#include "ui/views/figure_source.h"

#include <QCoreApplication>
#include <QString>

#include <vector>

namespace attn::ui {

class FlowPage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::FlowPage)
public:
    /// Tokens that the lane has room for; of more those that feed most are drawn.
    static constexpr std::size_t kMostTokens = 40;

    FlowPage() = default;
    /// `trace`: as its tokens are shown. What hidden ones feed is one more band, so that nothing is lost.
    /// `flow` may have come only part of its way. `site` and `head`: the selected head, which is marked.
    FlowPage(TracePtr trace, TokenFlow flow, const std::string& site, Index head);

    [[nodiscard]] const FlowData& data() const { return m_data; }
    [[nodiscard]] const TokenFlow& flow() const { return m_flow; }
    [[nodiscard]] bool isEmpty() const { return m_data.isEmpty(); }

    /// What an item says; of none, what all of it says.
    [[nodiscard]] QString caption(const FlowItem& item) const;
    /// The heads that are named, from the first block on: where the arrow keys lead.
    [[nodiscard]] std::vector<FlowItem> heads() const;

    [[nodiscard]] PageSource source() const;

private:
    void addTokens();
    void addHidden(bool other);
    void addStages(const std::string& site, Index head);
    [[nodiscard]] FlowNode node(const FlowStep& step, const FlowWrite& write) const;
    [[nodiscard]] QString nameOf(const FlowItem& item) const;
    [[nodiscard]] QString ofAll() const;
    [[nodiscard]] QString shownNote() const;
    [[nodiscard]] Index hiddenKeys(bool other) const;
    [[nodiscard]] const SiteInfo* siteReading(bool other) const;
    [[nodiscard]] QString ofToken(int token) const;
    [[nodiscard]] QString ofNode(const FlowItem& item) const;
    [[nodiscard]] int placeOf(bool other, Index key) const;

    TracePtr m_trace;
    TokenFlow m_flow;
    FlowData m_data;
    std::size_t m_hiddenTokens = 0;  ///< that feed something and are not drawn
};

}  // namespace attn::ui
