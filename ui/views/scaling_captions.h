#pragma once
/// The √d_k workspace in words: one sentence for each card, that says what to see, with the measured figures.

#include "core/experiment/scaling_study.h"

#include <QString>

#include <vector>

namespace attn::ui {

/// "10,000", as the user's language groups it
[[nodiscard]] QString countText(std::int64_t count);
/// "10,000 samples × 16 keys"
[[nodiscard]] QString sampleText(const experiment::ScalingSnapshot& snapshot);
/// "50 %", "0.3 %", "none"
[[nodiscard]] QString shareText(double share);

// Empty where the picture has not got the part yet.

/// "At dₖ = 64, q·k spreads with a standard deviation of 8.01 …"
[[nodiscard]] QString scoresCaption(const experiment::StudyPicture& picture);
/// "At dₖ = 256 unscaled, 50 % of rows are saturated; scaled, none."
[[nodiscard]] QString softmaxCaption(const experiment::StudyPicture& picture);
/// "In draw 1, the largest weight is 0.98 unscaled, 0.21 scaled; …"
[[nodiscard]] QString drawCaption(const experiment::StudyPicture& picture);
/// About medians: the mean does not vanish.
[[nodiscard]] QString gradientCaption(const experiment::StudyPicture& picture);
[[nodiscard]] QString exponentCaption(const experiment::StudyPicture& picture);
[[nodiscard]] QString sentenceCaption(const experiment::StudyPicture& picture);

/// The sentence beside the draws, measure by measure.
struct SentenceRow {
    QString name, sentence, drawn;

    bool operator==(const SentenceRow&) const = default;
};
[[nodiscard]] std::vector<SentenceRow> sentenceRows(const experiment::StudyPicture& picture);
/// Keys of each of the sentence's queries; 0 without a sentence.
[[nodiscard]] std::int64_t sentenceKeys(const experiment::StudyPicture& picture);

}  // namespace attn::ui
