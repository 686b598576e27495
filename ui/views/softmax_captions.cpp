#include "ui/views/softmax_captions.h"

#include "core/experiment/row_measures.h"
#include "ui/plot/number_text.h"
#include "ui/views/softmax_page.h"

#include <algorithm>

namespace attn::ui {

namespace {

constexpr std::size_t kMostInTitle = 8;
constexpr double kNearlyEqual = 0.98;  ///< share of all keys that take part

QString percent(double share) {
    return shortNumber(100 * share, share < 0.1 ? 2 : 3);
}

/// Weights near 1 keep the digits that tell them from 1.
QString weightText(double weight) {
    if (weight <= 0.999 || weight == 1.0) return shortNumber(weight, 3);
    const double missing = 1 - weight;
    return missing < 1e-6 ? QStringLiteral("1 − ") + shortNumber(missing, 2)
                          : numberText(weight, {missing < 1e-5   ? 7
                                                : missing < 1e-4 ? 6
                                                                 : 5});
}

}  // namespace

QString SoftmaxCaptions::title(const SoftmaxPage& page) {
    QStringList numbers;
    for (const double logit : page.state().logits) {
        if (static_cast<std::size_t>(numbers.size()) == kMostInTitle) break;
        numbers.append(shortNumber(logit));
    }
    if (page.keyCount() > kMostInTitle) numbers.append(QStringLiteral("…"));
    return tr("Softmax of a·(%1)").arg(numbers.join(QStringLiteral(", ")));
}

QString SoftmaxCaptions::state(const SoftmaxPage& page) {
    const experiment::RowMeasures& measures = page.row().measures;
    const QString scale = shortNumber(page.state().scale);
    const auto keys = static_cast<double>(page.keyCount());
    const std::size_t first = page.curves().order.front();
    if (page.curves().groups.size() == 1) {
        return tr("All %1 logits are equal: every weight is %2, whatever a is.")
            .arg(page.keyCount())
            .arg(shortNumber(1 / keys));
    }
    if (measures.saturated && measures.maxP == 1.0) {
        return tr("At a = %1 the row is saturated: %2 takes all of the weight, and %3 % of the largest "
                  "possible "
                  "gradient is left.")
            .arg(scale, page.weightName(first),
                 percent(measures.jacobianFrobenius / experiment::kLargestJacobianNorm));
    }
    if (measures.saturated) {
        return tr("At a = %1 the row is saturated: %2 takes %3 of the weight, and %4 % of the largest "
                  "possible "
                  "gradient is left.")
            .arg(scale, page.weightName(first), weightText(measures.maxP),
                 percent(measures.jacobianFrobenius / experiment::kLargestJacobianNorm));
    }
    if (measures.effectiveNumber() > kNearlyEqual * keys) {
        return tr("At a = %1 all %2 weights are nearly equal, as if %3 keys shared the attention: the logits "
                  "hardly matter.")
            .arg(scale)
            .arg(page.keyCount())
            .arg(shortNumber(measures.effectiveNumber()));
    }
    return tr("At a = %1 the largest weight is %2, as if %3 of %4 keys shared the attention, and %5 % of the "
              "largest possible gradient passes.")
        .arg(scale, weightText(measures.maxP), shortNumber(measures.effectiveNumber()))
        .arg(page.keyCount())
        .arg(percent(measures.jacobianFrobenius / experiment::kLargestJacobianNorm));
}

QString SoftmaxCaptions::weights(const SoftmaxPage& page) {
    const auto& groups = page.curves().groups;
    if (groups.size() == 1) {
        return tr("All logits are equal: whatever the scale, every weight stays %1.")
            .arg(shortNumber(1.0 / static_cast<double>(page.keyCount())));
    }
    if (groups.front().size() > 1) {
        return tr("%1 keys tie for the largest logit: a larger scale gives all the weight to them, %2 each.")
            .arg(groups.front().size())
            .arg(shortNumber(1.0 / static_cast<double>(groups.front().size())));
    }
    return tr("To the left every weight tends to 1/%1, to the right %2 takes all of it.")
        .arg(page.keyCount())
        .arg(page.weightName(groups.front().front()));
}

QString SoftmaxCaptions::entropy(const SoftmaxPage& page) {
    const experiment::RowMeasures& measures = page.row().measures;
    if (measures.effectiveNumber() < 1.005) {
        return tr("H = %1 nats: one key has all the attention to itself.")
            .arg(shortNumber(measures.entropyNats));
    }
    return tr("H = %1 nats: as much spread as %2 equal weights have.")
        .arg(shortNumber(measures.entropyNats), shortNumber(measures.effectiveNumber()));
}

QString SoftmaxCaptions::gradient(const SoftmaxPage& page) {
    const experiment::RowMeasures& measures = page.row().measures;
    const QString norm = shortNumber(measures.jacobianFrobenius);
    const auto& saturated = page.curves().saturated;
    if (measures.saturated) {
        return tr("‖J‖ = %1 is below 0.01·√½ = 0.00707: whatever comes back from above, almost nothing "
                  "reaches "
                  "the scores.")
            .arg(norm);
    }
    const auto next = std::find_if(saturated.begin(), saturated.end(),
                                   [&](const auto& region) { return region.first > page.state().scale; });
    if (next == saturated.end()) {
        return tr("‖J‖ = %1: a change of the scores still moves the weights, and no scale up to 1000 "
                  "saturates "
                  "this row.")
            .arg(norm);
    }
    return tr("‖J‖ = %1: a change of the scores still moves the weights; from a = %2 on it hardly does.")
        .arg(norm, shortNumber(next->first));
}

QString SoftmaxCaptions::aboutTheTable() {
    return tr(
        "A widely copied article prints 0.99991 as the largest weight of (a, a, 2a) for a = 2, and 1.0 for "
        "a = 3. Those are the values at 10 and at 100; at 2 it is 0.787 and at 3 it is 0.909.");
}

}  // namespace attn::ui
