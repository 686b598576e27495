#pragma once
/// The number field that stands over a cell while its number is changed: Enter takes it, Escape does not; Tab
/// and the arrow keys up and down take it and go on to the next cell.

#include <QLineEdit>

#include <functional>
#include <optional>

namespace attn::ui {

/// What a typed entry of a tensor means: "−0.5", "1e-3", "−∞", "-inf"; nothing where it is no number.
[[nodiscard]] std::optional<double> typedEntry(const QString& text);
/// What typedEntry reads back as the same float: "0.31", "-inf".
[[nodiscard]] QString editableNumber(double value);

class CellEditor : public QLineEdit {
    Q_OBJECT
public:
    explicit CellEditor(QWidget* parent);

    /// Over a cell of the parent's, with its number, or what was typed in its place. `problem` says what is
    /// wrong with a number, or nothing.
    void open(const QRectF& cell, const QString& number, const QString& typed,
              std::function<QString(double)> problem);
    /// Where the cell has moved to.
    void follow(const QRectF& cell);
    /// Without taking what stands there.
    void dismiss();

signals:
    void committed(double value);
    void goOn(int rows, int columns);  ///< after committed, or where nothing was changed
    void closed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// False: what stands there is no number that can be set.
    bool commit();
    void close();
    void showProblem(const QString& text);

    QString m_number;
    std::function<QString(double)> m_problem;
    bool m_open = false;
};

}  // namespace attn::ui
