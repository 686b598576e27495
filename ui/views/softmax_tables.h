#pragma once
/// The two tables of the Softmax page: the row at chosen scales, and the same softmax in four number formats.

#include "core/experiment/numerics.h"
#include "ui/views/card_grid.h"

#include <QString>

#include <vector>

namespace attn::ui {

class NumberListEdit;
class NumberTable;
class SoftmaxPage;

class ScalesCard : public Card {
    Q_OBJECT
public:
    explicit ScalesCard(QWidget* parent = nullptr);

    void showPage(const SoftmaxPage& page);
    void retranslate();
    [[nodiscard]] NumberTable* table() const { return m_table; }
    [[nodiscard]] NumberListEdit* scales() const { return m_scales; }

signals:
    void scalesChosen(const std::vector<double>& scales);
    void scaleChosen(double scale);  ///< a row of the table

private:
    static constexpr std::size_t kWeights = 6;  ///< columns; more keys have the largest weight alone

    NumberListEdit* m_scales;
    NumberTable* m_table;
    QLabel *m_label, *m_help;
    std::vector<double> m_logits, m_shown;
};

class NumericsCard : public Card {
    Q_OBJECT
public:
    explicit NumericsCard(QWidget* parent = nullptr);

    void showPage(const SoftmaxPage& page);
    void retranslate();
    [[nodiscard]] NumberTable* table() const { return m_table; }
    [[nodiscard]] QString messages() const { return m_messages->text(); }

private:
    [[nodiscard]] static QString captionOf(const std::vector<experiment::NumericsCell>& cells, double scale);

    NumberTable* m_table;
    QLabel* m_messages;
};

}  // namespace attn::ui
