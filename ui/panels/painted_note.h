#pragma once
/// How many cells of the mask were painted by hand, and which of them wait for their words to come back; a
/// button for each removes them.

#include "core/scene/scene.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QPushButton;

namespace attn::ui {

class SceneDocument;

class PaintedNote : public QWidget {
    Q_OBJECT
public:
    explicit PaintedNote(SceneDocument* document, QWidget* parent = nullptr);

    /// Whether there is anything to say.
    [[nodiscard]] bool isRelevant() const { return m_relevant; }
    void refresh();

signals:
    void relevanceChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Shown {
        std::size_t painted = 0;
        std::vector<PaintedCell> sleeping;
        bool operator==(const Shown&) const = default;
    };
    [[nodiscard]] Shown present() const;
    void show(const Shown& shown);

    SceneDocument* m_document;
    QLabel* m_painted;
    QLabel* m_sleeping;
    QPushButton* m_clear;
    QPushButton* m_remove;
    std::optional<Shown> m_shown;
    bool m_relevant = false;
};

}  // namespace attn::ui
