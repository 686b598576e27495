#pragma once
/// What is being opened, how far that is, and the way out of it. Seen only where it takes longer than a
/// moment.

#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace attn::ui {

class SceneDocument;

class OpeningBar : public QFrame {
    Q_OBJECT
public:
    explicit OpeningBar(SceneDocument* document, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void showTexts();

    SceneDocument* m_document;
    QLabel* m_label;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
    QTimer m_patience;
};

}  // namespace attn::ui
