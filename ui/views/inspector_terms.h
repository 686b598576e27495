#pragma once
/// Every term of a sum as a table that sorts: by dimension, by factor, or by the size of the contribution.

#include "core/trace/explain.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace attn::ui {

class TermsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, LeftColumn, RightColumn, ValueColumn };

    explicit TermsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void setStep(const ExplanationStep& step, const QStringList& keys);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    /// The value column sorts by size, whatever its sign.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    void arrange();

    ExplanationStep m_step;
    QStringList m_keys;
    std::vector<std::size_t> m_order;
    int m_column = NameColumn;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

}  // namespace attn::ui
