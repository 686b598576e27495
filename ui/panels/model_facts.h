#pragma once
/// A trained model's sizes: facts, shown and not to be changed, with the way to the toy model, where they can
/// be. Out of sight for the toy.

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace attn::ui {

class SceneDocument;

class ModelFacts : public QWidget {
    Q_OBJECT
public:
    explicit ModelFacts(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isRelevant() const { return m_relevant; }
    /// What is shown, one fact a line: "layers 12".
    [[nodiscard]] QString text() const;

signals:
    void relevanceChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void showFacts(const std::vector<std::pair<QString, QString>>& facts);

    SceneDocument* m_document;
    QLabel* m_heading;
    QGridLayout* m_grid;
    std::vector<std::pair<QLabel*, QLabel*>> m_rows;
    QLabel* m_note;
    QPushButton* m_toToy;
    bool m_relevant = false;
};

}  // namespace attn::ui
