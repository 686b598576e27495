#pragma once
/// Links: who attends to whom, as lines between tokens.

#include "ui/views/links_page.h"
#include "ui/views/picture_workspace.h"

class QLabel;
class QPushButton;

namespace attn::ui {

class HeadChips;
class LinksPlot;
class QuantityField;
class SceneDocument;
class SegmentedControl;
class StudyRun;
class WeightKindChooser;

class LinksWorkspace : public PictureWorkspace {
    Q_OBJECT
public:
    explicit LinksWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return m_complete; }
    [[nodiscard]] const LinksPage& page() const { return m_page; }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void refresh() override;
    void followSelection() override;
    void retranslate() override;

    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// What the study works out.
    struct Question {
        TracePtr trace;
        std::string site;
        WeightKind kind = WeightKind::Pattern;
        std::vector<Index> heads;

        bool operator==(const Question&) const = default;
    };

    void buildHead();
    void connectControls();
    void connectPlot();
    /// Weights of a kind that is not the pattern, between all tokens; null: being worked out, or there are
    /// none.
    [[nodiscard]] TensorPtr studied(const SiteInfo& site, WeightKind kind);
    void forgetStudy();
    void showHeadChips(const SiteInfo& site, WeightKind kind);
    void toggleHead(int head);
    void showHeads(std::vector<std::int64_t> heads);
    void pin(const LinksToken& token);
    void move(int queries, int keys);
    template <typename Change>
    void changeView(const Change& change);

    StudyRun* m_run;
    std::shared_ptr<WeightStudy> m_study;  ///< the newest; null: there is nothing to work out
    Question m_question;
    TensorPtr m_result, m_resultShown;  ///< what it made, and that as tokens are shown
    TracePtr m_resultTrace;             ///< in which they are
    const char* m_whyNone = nullptr;    ///< the site has no such weights
    LinksPage m_page;
    TensorKey m_key;        ///< of the pattern
    TensorPtr m_shown;      ///< the pattern that the page was made from
    TensorPtr m_shownAll;   ///< the same of all tokens, where some are hidden
    LinksView m_shownView;  ///< and how it was looked at
    int m_shownHead = -1;
    bool m_complete = false;
    SegmentedControl* m_arrangement = nullptr;
    WeightKindChooser* m_kind = nullptr;
    QuantityField *m_threshold = nullptr, *m_most = nullptr;
    QLabel *m_headsTitle = nullptr, *m_caption = nullptr;
    HeadChips* m_heads = nullptr;
    QPushButton *m_all = nullptr, *m_one = nullptr;
    LinksPlot* m_plot = nullptr;
};

}  // namespace attn::ui
