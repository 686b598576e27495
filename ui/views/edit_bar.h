#pragma once
/// What of the shown tensor was set by hand, with a way back; of weights also what becomes of their rows.

#include "core/trace/trace.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace attn::ui {

class SceneDocument;
class SegmentedControl;

/// "2 weights set by hand: the others of a row share what is left of 1." Of a tensor's matrices all count.
[[nodiscard]] QString editedText(const Trace& trace, const TensorKey& key, const TensorPtr& tensor);

class EditBar : public QWidget {
    Q_OBJECT
public:
    explicit EditBar(SceneDocument* document, QWidget* parent = nullptr);

    /// `tensor`: its numbers, null while they are worked out.
    void showTensor(const Trace& trace, const TensorKey& key, const TensorPtr& tensor);

private:
    SceneDocument* m_document;
    TensorKey m_key;
    QLabel* m_text;
    SegmentedControl* m_rows;
    QPushButton* m_reset;
};

}  // namespace attn::ui
