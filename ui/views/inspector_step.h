#pragma once
/// One numbered step of the inspector: a sum with its terms, a formula, the softmax of a row, a vector, or a
/// remark.

#include "core/trace/explain.h"

#include <QStringList>
#include <QWidget>

class QLabel;
class QScrollArea;
class QTableView;
class QVBoxLayout;

namespace attn::ui {

class CaptionLine;
class SignedBars;
class TermsLine;
class TermsModel;
class VectorStrip;
class WeightBars;

class InspectorStep : public QWidget {
    Q_OBJECT
public:
    explicit InspectorStep(int number, QWidget* parent = nullptr);

    /// `keys`: tokens along the keys; `key`: the chosen one, or −1.
    void showStep(const ExplanationStep& step, const QStringList& keys, int key);
    /// Forgets heights that earlier steps needed: another kind of tensor is shown now.
    void resetHeights();

    [[nodiscard]] TermsLine* termsLine() const { return m_terms; }
    [[nodiscard]] QTableView* termTable() const { return m_table; }
    [[nodiscard]] WeightBars* weightBars() const { return m_bars; }

signals:
    void keyChosen(int key);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showSum(const ExplanationStep& step, const QStringList& keys);
    void showSoftmax(const ExplanationStep& step, const QStringList& keys, int key);
    void showVector(const ExplanationStep& step, int key);
    void showHoveredTerm(int index);
    void showHoveredNumber(int index);
    void setTableShown(bool shown);
    void fitBars();
    void ensureTable();
    void fitTable();

    int m_number;
    ExplanationStep m_step;
    QStringList m_keys;
    int m_key = -1;

    QVBoxLayout* m_layout;
    CaptionLine* m_caption;
    TermsLine* m_terms;
    SignedBars* m_signs;
    CaptionLine* m_result;
    QTableView* m_table = nullptr;  ///< made when somebody asks for it
    TermsModel* m_model = nullptr;
    QScrollArea* m_barScroll;
    WeightBars* m_bars;
    VectorStrip* m_vector;
    QLabel* m_note;
};

}  // namespace attn::ui
