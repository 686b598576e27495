#pragma once
/// How tokens are shown in every view: a menu beside the tokens, which says on its face what is not shown one
/// by one. For models with token types it also says which segment a token belongs to.

#include "core/trace/trace.h"

#include <QToolButton>

class QAction;
class QMenu;

namespace attn::ui {

class SceneDocument;

class TokensButton : public QToolButton {
    Q_OBJECT
public:
    explicit TokensButton(SceneDocument* document, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void retranslate();
    void fillSegments();
    [[nodiscard]] int selectedToken() const;

    SceneDocument* m_document;
    QMenu* m_menu;
    QAction *m_hide, *m_renormalise, *m_words;
    std::vector<QAction*> m_segments;
    TracePtr m_looked;  ///< whose tokens were looked through
    bool m_canHide = false, m_canMerge = false;
};

}  // namespace attn::ui
