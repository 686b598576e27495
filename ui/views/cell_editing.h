#pragma once
/// Changing the numbers of a heat map by hand: typed into a field over the cell, or dragged up and down with
/// Ctrl held, which is one undo step.

#include "ui/plot/heat_map.h"

#include <QObject>

#include <optional>

namespace attn::ui {

class CellEditor;
class SceneDocument;

class CellEditing : public QObject {
    Q_OBJECT
public:
    /// Both must outlive it.
    CellEditing(SceneDocument* document, HeatMapWidget* heatMap);

    /// Which tensor the heat map shows; which of its matrices says its data.
    void setTensor(const TensorKey& key);
    /// The number of the current cell, else of the one under the pointer. `typed`: what was typed already.
    void edit(const QString& typed = {});
    /// Of an entry of the tensor, wherever it is shown.
    void editEntry(Index row, Index column);

    [[nodiscard]] CellEditor* editor() const { return m_editor; }

signals:
    void cellChosen(attn::ui::MatrixCell cell);  ///< the next one is to be selected

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Scrub {
        MatrixCell cell;
        double from = 0, step = 0.01;
        bool moved = false;
    };
    /// What a cell stands for: the editor over it closes where that becomes something else.
    struct Place {
        TensorKey tensor;
        Index head = 0;
        QString row, column;
        std::string model;

        bool operator==(const Place&) const = default;
    };
    [[nodiscard]] Place placeOf(const MatrixCell& cell) const;
    void open(const MatrixCell& cell, const QString& typed);
    void commit(double value);
    void goOn(int rows, int columns);
    void startScrub(const MatrixCell& cell);
    void scrub(double upPx);
    void finishScrub();
    void set(const MatrixCell& cell, double value);
    [[nodiscard]] QString problem(double value) const;
    [[nodiscard]] bool isPossible(const MatrixCell& cell) const;
    /// The tensor's entry behind a cell: the tokens of a text may be shown as words, or hidden. None where
    /// several entries are shown in one cell.
    [[nodiscard]] std::optional<MatrixCell> entryAt(const MatrixCell& cell) const;
    [[nodiscard]] double valueAt(const MatrixCell& cell) const;
    void showHint();

    SceneDocument* m_document;
    HeatMapWidget* m_heatMap;
    CellEditor* m_editor;
    TensorKey m_key;
    MatrixCell m_cell;
    Place m_opened;  ///< what the editor stood over when it was opened
    std::optional<Scrub> m_scrub;
};

}  // namespace attn::ui
