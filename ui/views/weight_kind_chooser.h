#pragma once
/// Which weights are looked at: those that were computed, or what may stand in their place
/// (core/analysis/weights.h).

#include "core/analysis/weights.h"

#include <QString>
#include <QWidget>

#include <array>

class QComboBox;
class QLabel;

namespace attn::ui {

class WeightKindChooser : public QWidget {
    Q_OBJECT
public:
    /// Its list is named `name`.
    WeightKindChooser(const QString& name, QWidget* parent = nullptr);

    /// What the site does not have cannot be chosen, and says why.
    void showKinds(const Trace& trace, const SiteInfo& site, WeightKind kind);
    /// A kind that this page does not show, and why.
    void refuse(WeightKind kind, const QString& why);
    [[nodiscard]] QComboBox* list() const { return m_list; }

signals:
    void chosen(attn::WeightKind kind);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLabel* m_label;
    QComboBox* m_list;
    std::array<QString, kWeightKindCount> m_refused;
};

}  // namespace attn::ui
