#pragma once
/// What the model predicts at the selected token, beside what it predicted before anything was changed.

#include "core/analysis/predictions.h"
#include "core/trace/trace.h"
#include "ui/views/card_grid.h"

#include <optional>

class QAction;
class QLabel;
class QPushButton;

namespace attn::ui {

class ParameterEditor;
class PredictionBars;
class SceneDocument;

class PredictionsView : public Card {
    Q_OBJECT
public:
    explicit PredictionsView(SceneDocument* document, QWidget* parent = nullptr);

    /// False while a row of logits is on its way.
    [[nodiscard]] bool isComplete() const { return m_complete; }
    /// Which token's row is shown; −1: none.
    [[nodiscard]] std::int64_t position() const { return m_position; }
    [[nodiscard]] PredictionBars* bars() const { return m_bars; }

    /// rank,token,id,probability,probability_before of what is shown.
    [[nodiscard]] std::string csv() const;

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void retranslate();
    void refresh();
    void showNothing(const QString& reason);
    void showRow(const Trace& trace, const TensorPtr& logits, const TensorPtr& before);
    void showMask(const Trace& trace);
    void showWriting(const Trace& trace);
    void followEnd();
    [[nodiscard]] std::int64_t maskablePosition() const;
    [[nodiscard]] std::int64_t likeliest() const;
    [[nodiscard]] QString headline(const Trace& trace) const;
    [[nodiscard]] QString summary(const Trace& trace, const TokenDistribution& now,
                                  const std::optional<TokenDistribution>& before) const;
    [[nodiscard]] QString tokenText(const Trace& trace, std::int64_t id) const;

    SceneDocument* m_document;
    QPushButton *m_mask, *m_back, *m_write;
    QAction* m_copy;
    PredictionBars* m_bars;
    QLabel *m_summary, *m_key;
    ParameterEditor* m_temperature;
    std::int64_t m_position = -1;
    EntryPtr m_row, m_rowBefore;  ///< held, or the numbers would go
    std::vector<PredictionChange> m_changes;
    TensorPtr m_shown, m_shownBefore;  ///< what the bars were made of
    double m_shownTemperature = 0;
    bool m_compared = false, m_complete = false;
    bool m_wrote = false;  ///< the row of the newest token is shown when its trace has come
};

}  // namespace attn::ui
