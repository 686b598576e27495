#pragma once
/// The inspector's painted lines: they keep their height while cells are scrubbed, whatever the numbers'
/// lengths.

#include "core/trace/explain.h"

#include <QAbstractButton>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <functional>

namespace attn::ui {

/// "it attends to animal  55.4 %": tokens in their roles' colours, elided where they are long.
class InspectorHeadline : public QWidget {
    Q_OBJECT
public:
    explicit InspectorHeadline(QWidget* parent = nullptr);

    void setSentence(const Sentence& sentence, const QString& value);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] int lines() const;  ///< by the room alone, not by the words

    Sentence m_sentence;
    QString m_value;
};

/// A caption on the left, numbers on the right; numbers that do not fit beside it go below and wrap.
class CaptionLine : public QWidget {
    Q_OBJECT
public:
    explicit CaptionLine(QWidget* parent = nullptr);

    void setTexts(const QString& caption, const QString& numbers);
    void setStrong(bool captionBold, bool numbersBold);
    /// Forgets the height that earlier numbers needed.
    void resetHeight();
    [[nodiscard]] const QString& numbers() const { return m_numbers; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    [[nodiscard]] QStringList wrapped() const;

    QString m_caption, m_numbers;
    bool m_captionBold = true, m_numbersBold = false;
    int m_lines = 1;  ///< only grows, until resetHeight()
};

/// "1.44×2.59 + −0.32×0.18 + … 16 terms ▾": as many terms as there is room for; pressed, all of them are
/// listed below.
class TermsLine : public QAbstractButton {
    Q_OBJECT
public:
    explicit TermsLine(QWidget* parent = nullptr);

    void setTerms(const ExplanationStep& step);
    /// What is written in a given width.
    [[nodiscard]] QString shownText(double width) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QStringList m_first;  ///< the first terms, more than any width shows
    std::size_t m_count = 0;
};

}  // namespace attn::ui
