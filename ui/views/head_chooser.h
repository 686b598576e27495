#pragma once
/// Which head is looked at: a list with the names that a trained model's card gives its heads. It follows the
/// document's selection and changes it; with one head it is hidden.

#include <QWidget>

#include <string>

class QComboBox;
class QLabel;

namespace attn::ui {

class SceneDocument;

class HeadChooser : public QWidget {
    Q_OBJECT
public:
    /// Its list is named `name`.
    HeadChooser(SceneDocument* document, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QComboBox* list() const { return m_list; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void retranslate();

    SceneDocument* m_document;
    QLabel* m_label;
    QComboBox* m_list;
};

}  // namespace attn::ui
