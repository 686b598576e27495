#pragma once
/// Flow: one token's way through all layers, and what is written to it on the way.

#include "ui/views/flow_page.h"
#include "ui/views/picture_workspace.h"

#include <QElapsedTimer>

#include <memory>

class QLabel;

namespace attn::ui {

class FlowPlot;
class QuantityField;
class SceneDocument;
class StudyRun;

class FlowWorkspace : public PictureWorkspace {
    Q_OBJECT
public:
    explicit FlowWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override;
    void fitToText(int textPx) override;

    [[nodiscard]] const FlowPage& page() const { return m_page; }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void refresh() override;
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// What the picture is of.
    struct Question {
        TracePtr trace;
        std::string stack;  ///< its first site
        Index query = -1;
        FlowView view;

        bool operator==(const Question&) const = default;
    };

    void buildHead();
    void connectAll();
    void showFlow();
    void showCaption();
    void choose(const FlowItem& item);
    void chooseToken(const FlowToken& token);
    void move(int tokens, int heads);
    [[nodiscard]] const SiteInfo* site() const;
    /// The selected token, else the default one; where it is hidden the next one. −1: there is none.
    [[nodiscard]] Index query(const SiteInfo& site) const;

    StudyRun* m_run;
    std::shared_ptr<FlowStudy> m_study;  ///< the newest; null: nothing to show
    Question m_question;
    FlowPage m_page;
    bool m_complete = false;
    QElapsedTimer m_sinceAsked;
    QuantityField *m_heads = nullptr, *m_tokens = nullptr;
    QLabel* m_caption = nullptr;
    FlowPlot* m_plot = nullptr;
};

}  // namespace attn::ui
