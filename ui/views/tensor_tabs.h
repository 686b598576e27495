#pragma once
/// The tensors of the selected stage, where it has several: q | k | v | W_Q …

#include "core/trace/trace.h"

#include <QWidget>

namespace attn::ui {

class SceneDocument;
class SegmentedControl;
class Selection;

/// What a tensor is called in Selection::tensor and View::tensor: "q", "embed", "context.embed".
[[nodiscard]] QString tensorId(const TensorKey& key);
/// Selects site, stage, tensor, head and cell of an entry; `head` is the tensor's own. False: no stage of the
/// trace shows this tensor.
bool showEntry(SceneDocument& document, const TensorKey& key, Index head, Index row, Index column);
/// The tensor that the selection shows: its stage's tensor of that name, else the stage's main one; of a
/// stage that the site does not have, the pattern.
[[nodiscard]] TensorKey shownTensor(const SiteInfo& site, const Selection& selection);

class TensorTabs : public QWidget {
    Q_OBJECT
public:
    explicit TensorTabs(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] SegmentedControl* segments() const { return m_segments; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();

    SceneDocument* m_document;
    SegmentedControl* m_segments;
};

}  // namespace attn::ui
