#pragma once
/// One choice among a few, all of them visible: buttons side by side, in two rows or a column where they do
/// not fit.

#include <QString>
#include <QWidget>

#include <vector>

class QButtonGroup;
class QPushButton;

namespace attn::ui {

struct Segment {
    QString id;  ///< as in objectName and signals
    QString label;
    QString tip;
    bool enabled = true;

    bool operator==(const Segment&) const = default;
};

class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    /// Buttons are named `name`.`id`.
    explicit SegmentedControl(const QString& name, QWidget* parent = nullptr);

    void setSegments(const std::vector<Segment>& segments);
    [[nodiscard]] const std::vector<Segment>& segments() const { return m_segments; }
    void setCurrent(const QString& id);  ///< from the model: emits nothing; an unknown one unchecks all
    [[nodiscard]] QString current() const;
    [[nodiscard]] QPushButton* button(const QString& id) const;
    [[nodiscard]] int rows() const { return m_rows; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void chosen(const QString& id);  ///< by the user

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void arrange();
    [[nodiscard]] int rowsFor(int width) const;
    [[nodiscard]] int rowWidth(std::size_t begin, std::size_t end) const;

    QString m_name;
    std::vector<Segment> m_segments;
    std::vector<QPushButton*> m_buttons;
    std::vector<int> m_widths;  ///< what each needs with its text in bold
    QButtonGroup* m_group;
    int m_rows = 1;
    int m_rowHeight = 0;
};

}  // namespace attn::ui
