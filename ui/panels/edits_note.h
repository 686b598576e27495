#pragma once
/// The numbers that were changed by hand, those that sleep among them: a click goes to one, buttons take one,
/// its tensor's or all of them back.

#include "core/scene/edit.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QListWidget;
class QPushButton;

namespace attn::ui {

class SceneDocument;

class EditsNote : public QWidget {
    Q_OBJECT
public:
    explicit EditsNote(SceneDocument* document, QWidget* parent = nullptr);

    /// Whether there is anything to say.
    [[nodiscard]] bool isRelevant() const { return m_relevant; }
    void refresh();

signals:
    void relevanceChanged();
    void chosenByUser(const attn::Edit& edit);  ///< to be looked at

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Shown {
        Edits edits;
        std::vector<bool> sleeps;  ///< of each
        bool operator==(const Shown&) const = default;
    };
    [[nodiscard]] Shown present() const;
    void write(const Shown& shown);
    void fit();
    void goTo();
    [[nodiscard]] const Edit* chosen() const;

    SceneDocument* m_document;
    QLabel* m_title;
    QListWidget* m_list;
    QLabel* m_reset;
    QPushButton *m_cell, *m_tensor, *m_all;
    std::optional<Shown> m_shown;
    bool m_relevant = false;
};

}  // namespace attn::ui
