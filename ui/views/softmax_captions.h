#pragma once
/// Sentences that say what is to be seen on the Softmax page, with its numbers.

#include <QCoreApplication>
#include <QString>

namespace attn::ui {

class SoftmaxPage;

class SoftmaxCaptions {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::SoftmaxCaptions)
public:
    [[nodiscard]] static QString title(const SoftmaxPage& page);     ///< "Softmax of a·(1, 1, 2)"
    [[nodiscard]] static QString state(const SoftmaxPage& page);     ///< what the present scale does
    [[nodiscard]] static QString weights(const SoftmaxPage& page);   ///< where the curves lead
    [[nodiscard]] static QString entropy(const SoftmaxPage& page);   ///< how many keys share the attention
    [[nodiscard]] static QString gradient(const SoftmaxPage& page);  ///< how much of the gradient passes
    /// About a table of these numbers that is widely copied with its scales shifted.
    [[nodiscard]] static QString aboutTheTable();
};

}  // namespace attn::ui
