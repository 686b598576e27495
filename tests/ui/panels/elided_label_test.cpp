#include "ui/panels/elided_label.h"

#include "ui/panels/elided_button.h"

#include <gtest/gtest.h>

namespace attn::ui {
namespace {

TEST(ElidedButton, GivesWayInsteadOfWideningItsPanel) {
    ElidedButton button;
    button.setText(QStringLiteral("Hide this token behind the model's own mask token"));
    EXPECT_LT(button.minimumSizeHint().width(), button.sizeHint().width() / 2);
    button.resize(button.minimumSizeHint());
    const QImage narrow = button.grab().toImage();
    button.setText(QStringLiteral("Hide this"));
    EXPECT_NE(button.grab().toImage(), narrow);
    EXPECT_EQ(button.text(), QStringLiteral("Hide this"));
    button.setText(QStringLiteral("OK"));
    EXPECT_LE(button.minimumSizeHint().width(), button.sizeHint().width());
}

TEST(ElidedLabel, EndsWhereThereIsNoRoomAndNeedsLittle) {
    ElidedLabel label(
        QStringLiteral("From “it” to the noun that it stands for; from other tokens to their neighbours"));
    label.resize(label.sizeHint());
    EXPECT_FALSE(label.isElided());
    EXPECT_LT(label.minimumSizeHint().width(), label.sizeHint().width() / 4);
    const QImage whole = label.grab().toImage();
    label.resize(label.sizeHint().width() / 2, label.sizeHint().height());
    EXPECT_TRUE(label.isElided());
    // The end differs from the same place of the whole text: it is an ellipsis.
    const QImage cut = label.grab().toImage();
    const QRect end(cut.width() - cut.height() * 2, 0, cut.height() * 2, cut.height());
    EXPECT_NE(cut.copy(end), whole.copy(end));
    const QRect begin(0, 0, cut.width() / 2, cut.height());
    EXPECT_EQ(cut.copy(begin), whole.copy(begin));
}

}  // namespace
}  // namespace attn::ui
