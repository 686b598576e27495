#pragma once
/// The selected head, enlarged: its weights as a heat map, or one of their alternatives (analysis/weights.h),
/// with a sentence about what it is.

#include "ui/views/weights_figure.h"

#include <QWidget>

#include <memory>

class QLabel;

namespace attn::ui {

class HeatMapWidget;
class SceneDocument;
class StudyRun;
class WeightKindChooser;

class WeightsView : public QWidget {
    Q_OBJECT
public:
    explicit WeightsView(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const;
    [[nodiscard]] const WeightsPicture& picture() const { return m_picture; }
    [[nodiscard]] PageSource source() const;
    [[nodiscard]] QComboBox* kinds() const;
    [[nodiscard]] HeatMapWidget* map() const { return m_map; }

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// What the picture is of.
    struct Question {
        TracePtr trace;
        std::string site;
        WeightKind kind = WeightKind::Pattern;
        Index head = 0;    ///< 0 where all share it
        Index query = -1;  ///< of the flow

        bool operator==(const Question&) const = default;
    };

    void connectAll();
    void fitToText();
    void retranslate();
    void refresh();
    void showSentence();
    void showPicture();
    void followCell();
    [[nodiscard]] TensorKey patternKey() const;
    [[nodiscard]] const SiteInfo* site() const;
    [[nodiscard]] WeightKind kind() const;
    [[nodiscard]] HeatMapStyle style() const;

    SceneDocument* m_document;
    StudyRun* m_run;
    std::shared_ptr<WeightStudy> m_study;  ///< the newest; null: there is nothing to work out
    Question m_question;
    WeightsPicture m_picture;
    TokensView m_tokens;  ///< how they are shown in it
    bool m_complete = false;
    WeightKindChooser* m_kind = nullptr;
    QLabel* m_sentence = nullptr;
    HeatMapWidget* m_map = nullptr;
};

}  // namespace attn::ui
