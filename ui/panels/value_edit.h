#pragma once
/// A typed number beside its slider: Enter takes it, Escape brings the old one back, arrow keys step.

#include <QLineEdit>

namespace attn::ui {

class ValueEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit ValueEdit(QWidget* parent = nullptr);

    /// What stands there when nobody types. Leaves a text that is being typed alone unless it is another
    /// value.
    void setValueText(const QString& text);
    [[nodiscard]] const QString& valueText() const { return m_valueText; }
    void setInvalid(bool invalid);
    [[nodiscard]] bool isInvalid() const { return m_invalid; }
    void revert();
    /// A long text that was not taken stays to be mended when the field is left.
    void setKeepsInvalid(bool keeps) { m_keepsInvalid = keeps; }

    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void committed(const QString& text);  ///< the user is done with a text that differs
    void abandoned();                     ///< the old one stands there again
    void stepped(int steps);
    void paged(int pages);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void commit();

    QString m_valueText;
    bool m_invalid = false;
    bool m_keepsInvalid = false;
};

}  // namespace attn::ui
