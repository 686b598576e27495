#pragma once
/// What stands beside the heat map: the arithmetic of the selected cell or, of a model that predicts tokens,
/// what it predicts at the selected one. One at a time, so that either has the whole height.

#include <QWidget>

class QStackedWidget;

namespace attn::ui {

class Inspector;
class PredictionsView;
class SceneDocument;
class SegmentedControl;

class ExploreSide : public QWidget {
    Q_OBJECT
public:
    explicit ExploreSide(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] Inspector* inspector() const { return m_inspector; }
    [[nodiscard]] PredictionsView* predictions() const { return m_predictions; }
    [[nodiscard]] bool showsPredictions() const;
    /// False while what it shows is still being worked out.
    [[nodiscard]] bool isComplete() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void retranslate();

    SceneDocument* m_document;
    SegmentedControl* m_tabs;
    QStackedWidget* m_pages;
    Inspector* m_inspector;
    PredictionsView* m_predictions;
};

}  // namespace attn::ui
