#pragma once
/// What of the shown tensor was set by hand, with a way back; of weights also what becomes of their rows.

#include "core/trace/trace.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace attn::ui {

class SceneDocument;
class SegmentedControl;

/// "2 numbers of pattern were set by hand: every row sums to 1." Those of all matrices count. `trace`: as it
/// was computed.
[[nodiscard]] QString editedText(const Trace& trace, const TensorKey& key);

class EditBar : public QWidget {
    Q_OBJECT
public:
    explicit EditBar(SceneDocument* document, QWidget* parent = nullptr);

    void showTensor(const Trace& trace, const TensorKey& key);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    SceneDocument* m_document;
    TensorKey m_key;
    QBoxLayout* m_layout;
    QLabel* m_text;
    SegmentedControl* m_rows;
    QPushButton* m_reset;
};

}  // namespace attn::ui
