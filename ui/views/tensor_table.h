#pragma once
/// A matrix as a plain table: every number at full precision, for reading, for screen readers, for copying.

#include "ui/plot/heat_map_data.h"

#include <QAbstractTableModel>
#include <QDialog>

class QTableView;

namespace attn::ui {

/// Virtual: cells are written when they are seen.
class TensorTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit TensorTableModel(HeatMapData data, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    HeatMapData m_data;
};

class TensorTable : public QDialog {
    Q_OBJECT
public:
    explicit TensorTable(const HeatMapData& shown, QWidget* parent = nullptr);

    [[nodiscard]] QTableView* view() const { return m_view; }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void copySelected() const;

    QTableView* m_view;
};

}  // namespace attn::ui
