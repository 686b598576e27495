#pragma once
#include <QFrame>

namespace attn::ui {

class SceneDocument;

/// The one row of controls that stays while presenting: scale, temperature, mask, and the way out.
class PresentationBar : public QFrame {
    Q_OBJECT
public:
    explicit PresentationBar(SceneDocument* document, QWidget* parent = nullptr);

signals:
    void leaveRequested();
};

}  // namespace attn::ui
