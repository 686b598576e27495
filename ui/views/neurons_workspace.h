#pragma once
/// Neurons: where a score comes from, number by number, and what would be left of it without some of them.

#include "ui/views/neurons_page.h"
#include "ui/views/picture_workspace.h"

class QLabel;
class QPushButton;

namespace attn::ui {

class Card;
class HeadChooser;
class NeuronsPlot;
class NumberTable;
class SceneDocument;
class SegmentedControl;

class NeuronsWorkspace : public PictureWorkspace {
    Q_OBJECT
public:
    explicit NeuronsWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return m_complete; }
    void setPresenting(bool presenting) override;
    void fitToText(int textPx) override;
    [[nodiscard]] const NeuronsPage& page() const { return m_page; }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void refresh() override;
    void followSelection() override;
    void retranslate() override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildHead();
    void connectControls();
    void showTexts();
    void showContributions();
    void arrange();
    void toggle(Index dimension);
    void pinKey(Index key);
    void move(int queries, int keys);

    TraceAdapter m_adapter;
    NeuronsPage m_page;
    std::shared_ptr<const NeuronHead> m_neurons;  ///< that the page was made from
    TracePtr m_shown;
    std::string m_shownSite;
    int m_shownHead = -1;
    bool m_complete = false, m_presenting = false;
    NeuronsPlace m_hovered;
    Index m_reached = -1;  ///< the dimension that the keyboard chose since, of whatever key
    int m_textPx = 13;
    HeadChooser* m_heads = nullptr;
    SegmentedControl* m_order = nullptr;
    QPushButton* m_allOn = nullptr;
    QLabel *m_caption = nullptr, *m_note = nullptr, *m_listed = nullptr;
    NeuronsPlot* m_plot = nullptr;
    Card* m_list = nullptr;
    NumberTable* m_table = nullptr;
};

}  // namespace attn::ui
