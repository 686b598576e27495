#pragma once
#include <QFrame>

#include <vector>

namespace attn::ui {

class ParameterEditor;
class SceneDocument;

/// The one row of controls that stays while presenting: scale, temperature, mask, and the way out.
class PresentationBar : public QFrame {
    Q_OBJECT
public:
    explicit PresentationBar(SceneDocument* document, QWidget* parent = nullptr);

    /// Scale, temperature and mask belong to Explore; the other workspaces have controls of their own.
    void setParametersVisible(bool visible);

signals:
    void leaveRequested();

private:
    std::vector<ParameterEditor*> m_editors;
};

}  // namespace attn::ui
