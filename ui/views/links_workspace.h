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

private:
    void buildHead();
    void connectControls();
    void connectPlot();
    void toggleHead(int head);
    void showHeads(std::vector<std::int64_t> heads);
    void pin(const LinksToken& token);
    void move(int queries, int keys);
    template <typename Change>
    void changeView(const Change& change);

    LinksPage m_page;
    TensorKey m_key;        ///< of the pattern
    TensorPtr m_shown;      ///< the pattern that the page was made from
    TensorPtr m_shownAll;   ///< the same of all tokens, where some are hidden
    LinksView m_shownView;  ///< and how it was looked at
    int m_shownHead = -1;
    bool m_complete = false;
    SegmentedControl* m_arrangement = nullptr;
    QuantityField *m_threshold = nullptr, *m_most = nullptr;
    QLabel *m_headsTitle = nullptr, *m_caption = nullptr;
    HeadChips* m_heads = nullptr;
    QPushButton *m_all = nullptr, *m_one = nullptr;
    LinksPlot* m_plot = nullptr;
};

}  // namespace attn::ui
