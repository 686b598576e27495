#pragma once
/// The editor of one parameter, made from its spec. Follows the document; what the user chooses goes to the
/// document as an undoable change.

#include "core/scene/parameter.h"

#include <QWidget>

#include <optional>

class QAction;

namespace attn::ui {

class ParameterLabel;
class SceneDocument;

class ParameterEditor : public QWidget {
    Q_OBJECT
public:
    /// The editor that fits the spec's kind. `heading`: a group's label that stands for the parameter's own.
    static ParameterEditor* create(const ParameterSpec& spec, SceneDocument* document,
                                   ParameterLabel* heading, QWidget* parent);

    [[nodiscard]] const ParameterSpec& spec() const { return m_spec; }
    [[nodiscard]] ParameterLabel* label() const { return m_label; }
    /// Takes over what the document says; costs nothing where that is shown already.
    void refresh();
    /// Whether it should be seen: some parameters disappear while nothing depends on them.
    [[nodiscard]] bool isRelevant() const { return m_relevant; }

protected:
    ParameterEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                    QWidget* parent);

    virtual void showValue(const ParameterValue& value) = 0;
    virtual void showTexts() = 0;  ///< in the present language
    void changeEvent(QEvent* event) override;

    [[nodiscard]] SceneDocument* document() const { return m_document; }
    [[nodiscard]] QString labelText() const;
    [[nodiscard]] QString tip() const;
    [[nodiscard]] bool hasHeading() const { return m_hasHeading; }
    void choose(const ParameterValue& value);
    void beginGesture();
    void endGesture();
    /// Lets a control offer "Reset" in its context menu.
    void addResetTo(QWidget* control);
    void retranslate();

private:
    const ParameterSpec& m_spec;
    SceneDocument* m_document;
    ParameterLabel* m_label;
    QAction* m_reset;
    bool m_hasHeading;
    bool m_relevant = true;
    /// What its texts depend on.
    struct Standing {
        const char* reason = nullptr;  ///< why it does nothing
        bool trained = false;          ///< a trained model's
        bool ofSite = false;           ///< for the selected site alone
        std::size_t own = 0;           ///< sites that have a value of their own
        bool operator==(const Standing&) const = default;
    };
    [[nodiscard]] Standing standing(const ParameterPlace& place) const;

    std::optional<ParameterValue> m_shown;
    Standing m_standing;
};

}  // namespace attn::ui
