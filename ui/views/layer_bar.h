#pragma once
/// Which layer is looked at: a slider, a number and two steps over the sites of a model that has several. An
/// encoder-decoder's three kinds of attention stand beside them.

#include "core/trace/trace.h"

#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QSlider;
class QSpinBox;
class QToolButton;

namespace attn::ui {

class SceneDocument;
class SegmentedControl;

class LayerBar : public QWidget {
    Q_OBJECT
public:
    explicit LayerBar(SceneDocument* document, QWidget* parent = nullptr);

    /// Whether there is more than one site; it is hidden otherwise.
    [[nodiscard]] bool isNeeded() const { return m_stacks.size() > 1 || layerCount() > 1; }
    [[nodiscard]] int layer() const { return m_layer; }
    /// Page up and Page down step through the layers anywhere in `area`. With one layer they stay what they
    /// are there.
    void addKeysTo(QWidget* area);
    [[nodiscard]] QSize sizeHint() const override;

public slots:
    void step(int layers);  ///< from the present one, as far as there are some

signals:
    void neededChanged();  ///< perhaps

protected:
    void changeEvent(QEvent* event) override;

private:
    /// The sites of one kind, in the order of the layers.
    struct Stack {
        std::string name;
        std::vector<std::string> sites;

        bool operator==(const Stack&) const = default;
    };

    void follow();
    void showStacks();
    void showTexts();
    void chooseLayer(int layer);
    void chooseStack(const QString& name);
    [[nodiscard]] int layerCount() const;

    SceneDocument* m_document;
    std::vector<Stack> m_stacks;
    std::size_t m_stack = 0;
    int m_layer = 0;
    SegmentedControl* m_kinds;
    QLabel* m_label;
    QToolButton* m_before;
    QSlider* m_slider;
    QToolButton* m_next;
    QSpinBox* m_number;
    QLabel* m_count;
};

}  // namespace attn::ui
