#pragma once
/// The way from text to output, one pill for each stage of the selected site. The stages that a change
/// recomputed flash once, when the change is over.

#include "core/trace/trace.h"
#include "ui/style/palette.h"

#include <QString>
#include <QTimer>
#include <QVariantAnimation>
#include <QWidget>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

class QButtonGroup;
class QToolButton;

namespace attn::ui {

class SceneDocument;

class StageBar : public QWidget {
    Q_OBJECT
public:
    explicit StageBar(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] QToolButton* button(const QString& stage) const;
    [[nodiscard]] int rows() const { return m_rows; }
    /// Stages whose numbers became others since the last flash.
    [[nodiscard]] const std::set<std::string>& pending() const { return m_pending; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void flashed(const QStringList& stages);  ///< also where the style wants no motion

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void followTrace();
    void followSelection();
    void collectChanges(const SiteInfo& site);
    void flashIfOver();
    void showStages();
    void arrange();
    [[nodiscard]] const SiteInfo* site() const;
    void paintArrow(QPainter& painter, const QRect& from, const QRect& to) const;

    SceneDocument* m_document;
    QButtonGroup* m_group;
    std::vector<QToolButton*> m_buttons;
    std::vector<StageInfo> m_stages;
    std::map<std::string, std::weak_ptr<const TensorEntry>> m_entries;  ///< of each stage's main tensor
    std::string m_entriesSite;
    std::set<std::string> m_pending, m_flashing;
    QTimer m_settle;
    QVariantAnimation m_flash;
    int m_rows = 1;
};

/// The colour that a stage has in the bar.
[[nodiscard]] Role roleOfStage(const std::string& stageId);

}  // namespace attn::ui
