#pragma once
/// How the heat map is looked at: numbers, range, colours; and the brush for the mask.

#include <QWidget>

class QGridLayout;
class QMenu;
class QToolButton;

namespace attn::ui {

class SceneDocument;

class ExploreToolbar : public QWidget {
    Q_OBJECT
public:
    explicit ExploreToolbar(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool paintMode() const;
    /// Ranges and colour maps are for probabilities, the brush for queries × keys.
    void setApplicable(bool probability, bool paintable);

    [[nodiscard]] QToolButton* paintButton() const { return m_paint; }
    [[nodiscard]] QToolButton* valuesButton() const { return m_values; }
    [[nodiscard]] QToolButton* rangeButton() const { return m_range; }
    [[nodiscard]] QToolButton* colorsButton() const { return m_colors; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void paintModeChanged(bool on);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    QToolButton* addButton(const QString& name, bool checkable);
    void follow();
    void retranslate();
    void fillColors();

    SceneDocument* m_document;
    QGridLayout* m_layout;
    int m_columns = 4;
    QToolButton* m_values;
    QToolButton* m_range;
    QToolButton* m_colors;
    QToolButton* m_paint;
    QMenu* m_colorMenu;
};

}  // namespace attn::ui
