#pragma once
/// Whether the controls set a parameter for all layers or for the selected one, and what that one has of its
/// own. Out of sight where there is one layer.

#include <QWidget>

class QLabel;
class QToolButton;

namespace attn::ui {

class SceneDocument;
class SegmentedControl;

class ScopeSwitch : public QWidget {
    Q_OBJECT
public:
    explicit ScopeSwitch(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isNeeded() const { return m_needed; }

signals:
    void neededChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    [[nodiscard]] QString ownNames() const;

    SceneDocument* m_document;
    SegmentedControl* m_scope;
    QLabel* m_own;
    QToolButton* m_reset;
    bool m_needed = false;
};

}  // namespace attn::ui
