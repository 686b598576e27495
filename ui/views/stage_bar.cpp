#include "ui/views/stage_bar.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/style/fonts.h"
#include "ui/style/restyle.h"

#include <QButtonGroup>
#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr int kSettleMillis = 250;  // typing goes on without a flash for every letter
constexpr int kFlashMillis = 200;
constexpr int kGapPx = 24, kLeastGapPx = 14, kRowGapPx = 6;

const char* roleName(Role role) {
    switch (role) {
        case Role::Query:
            return "query";
        case Role::Key:
            return "key";
        case Role::Value:
            return "value";
        case Role::Output:
            return "output";
        case Role::None:
            break;
    }
    return "";
}

std::vector<std::size_t> greedyRows(const std::vector<QSize>& sizes, int gap, int width) {
    std::vector<std::size_t> starts{0};
    int x = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (i > starts.back() && x + sizes[i].width() > width) {
            starts.push_back(i);
            x = gap;
        }
        x += sizes[i].width() + gap;
    }
    return starts;
}

/// First pills of as few rows as possible, about equally long: the narrowest width that needs no more of
/// them.
std::vector<std::size_t> rowStarts(const std::vector<QSize>& sizes, int gap, int width) {
    const std::size_t rows = greedyRows(sizes, gap, width).size();
    int narrow = 0, wide = width;
    while (wide - narrow > 1) {
        const int middle = (narrow + wide) / 2;
        (greedyRows(sizes, gap, middle).size() > rows ? narrow : wide) = middle;
    }
    return greedyRows(sizes, gap, wide);
}

}  // namespace

Role roleOfStage(const std::string& stageId) {
    if (stageId == "qkv") return Role::Query;
    if (stageId == "scores_raw" || stageId == "scale") return Role::Key;
    if (stageId == "z") return Role::Value;
    if (stageId == "attn_out") return Role::Output;
    return Role::None;
}

StageBar::StageBar(SceneDocument* document, QWidget* parent)
    : QWidget(parent), m_document(document), m_group(new QButtonGroup(this)) {
    setObjectName(QStringLiteral("stageBar"));
    setAccessibleName(tr("Stages of the computation"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_group->setExclusive(true);
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMillis);
    m_flash.setStartValue(1.0);
    m_flash.setEndValue(0.0);
    connect(&m_settle, &QTimer::timeout, this, &StageBar::flashIfOver);
    connect(&m_flash, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(&m_flash, &QVariantAnimation::finished, this, [this] {
        m_flashing.clear();
        update();
    });
    connect(m_group, &QButtonGroup::idToggled, this, [this](int index, bool checked) {
        if (!checked) return;
        m_document->selection()->setStage(
            QString::fromStdString(m_stages[static_cast<std::size_t>(index)].id));
    });
    connect(document, &SceneDocument::traceChanged, this, &StageBar::followTrace);
    connect(document, &SceneDocument::gestureEnded, this, [this] {
        if (!m_pending.empty()) m_settle.start();
    });
    connect(document->selection(), &Selection::siteChanged, this, &StageBar::followTrace);
    connect(document->selection(), &Selection::stageChanged, this, &StageBar::followSelection);
    followTrace();
}

const SiteInfo* StageBar::site() const {
    const TracePtr& trace = m_document->trace();
    return trace ? trace->site(m_document->selection()->site().toStdString()) : nullptr;
}

QToolButton* StageBar::button(const QString& stage) const {
    const auto found = std::find_if(m_stages.begin(), m_stages.end(),
                                    [&](const StageInfo& each) { return each.id == stage.toStdString(); });
    return found == m_stages.end() ? nullptr : m_buttons[static_cast<std::size_t>(found - m_stages.begin())];
}

void StageBar::followTrace() {
    const SiteInfo* shown = site();
    if (shown == nullptr) return;
    collectChanges(*shown);
    if (shown->stages == m_stages) return;
    m_stages = shown->stages;
    showStages();
}

/// A stage that did not run handed on the very same entry. Comparing entries, not the names of what ran for
/// the newest trace, counts also those traces that were dropped in between, and the scores that are worked
/// out on demand.
void StageBar::collectChanges(const SiteInfo& site) {
    const bool sameSite = site.name == m_entriesSite;
    if (!sameSite) {
        m_entriesSite = site.name;
        m_entries.clear();
        m_pending.clear();
    }
    for (const StageInfo& stage : site.stages) {
        const EntryPtr entry =
            stage.tensors.empty() ? nullptr : m_document->trace()->find(stage.tensors.front());
        std::weak_ptr<const TensorEntry>& known = m_entries[stage.id];
        if (sameSite && known.lock() != entry) m_pending.insert(stage.id);
        known = entry;
    }
    if (!m_pending.empty()) m_settle.start();
}

void StageBar::flashIfOver() {
    if (m_pending.empty() || m_document->inGesture() || !m_document->isCurrent()) return;
    m_flashing = std::exchange(m_pending, {});
    QStringList names;
    for (const std::string& stage : m_flashing) names += QString::fromStdString(stage);
    const int allowed = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this);
    if (allowed > 0 && isVisible()) {
        m_flash.setDuration(std::min(allowed, kFlashMillis));
        m_flash.start();
    } else {
        m_flashing.clear();
    }
    emit flashed(names);
}

void StageBar::showStages() {
    const QSignalBlocker blocker(m_group);
    while (m_buttons.size() > m_stages.size()) {
        delete m_buttons.back();
        m_buttons.pop_back();
    }
    while (m_buttons.size() < m_stages.size()) {
        auto* pill = new QToolButton(this);
        pill->setCheckable(true);
        pill->setFocusPolicy(Qt::StrongFocus);
        pill->setProperty("stage", true);
        m_group->addButton(pill, static_cast<int>(m_buttons.size()));
        m_buttons.push_back(pill);
    }
    for (std::size_t i = 0; i < m_stages.size(); ++i) {
        const StageInfo& stage = m_stages[i];
        QToolButton* pill = m_buttons[i];
        const QString role = QString::fromLatin1(roleName(roleOfStage(stage.id)));
        if (pill->property("role").toString() != role) {
            pill->setProperty("role", role);
            restyle(pill);
        }
        pill->setObjectName(QStringLiteral("stage.") + QString::fromStdString(stage.id));
        pill->setText(QString::fromStdString(stage.label));
        const QString title = coreText(stage.title), explanation = coreText(stage.explanation);
        pill->setToolTip(title + u'\n' + explanation);
        pill->setAccessibleName(title);
        pill->setAccessibleDescription(explanation);
        pill->show();
    }
    followSelection();
    arrange();
}

void StageBar::followSelection() {
    if (m_stages.empty()) return;
    const QSignalBlocker blocker(m_group);
    QToolButton* wanted = button(m_document->selection()->stage());
    if (wanted == nullptr) wanted = button(QStringLiteral("pattern"));
    if (wanted != nullptr) wanted->setChecked(true);
}

void StageBar::arrange() {
    if (m_buttons.empty()) return;
    const double zoom = textZoom(*this);
    const int comfortable = static_cast<int>(kGapPx * zoom), least = static_cast<int>(kLeastGapPx * zoom);
    std::vector<QSize> sizes;
    int total = 0, height = 0;
    for (QToolButton* pill : m_buttons) {
        pill->ensurePolished();
        sizes.push_back(pill->sizeHint());
        total += sizes.back().width();
        height = std::max(height, sizes.back().height());
    }
    const int gaps = static_cast<int>(m_buttons.size()) - 1;
    const int room = gaps > 0 ? (width() - total) / gaps : comfortable;
    const int gap = room >= least ? std::min(room, comfortable) : least;
    const std::vector<std::size_t> starts = rowStarts(sizes, gap, width());
    m_rows = static_cast<int>(starts.size());
    int x = 0, y = 0;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (i > 0 && std::find(starts.begin(), starts.end(), i) != starts.end()) {
            x = gap;  // the arrow that leads here stands before it
            y += height + kRowGapPx;
        }
        const QRect at(x, y, sizes[i].width(), height);
        m_buttons[i]->setGeometry(QStyle::visualRect(layoutDirection(), rect(), at));
        x += sizes[i].width() + gap;
    }
    if (minimumHeight() != y + height || maximumHeight() != y + height) setFixedHeight(y + height);
    update();
}

QSize StageBar::sizeHint() const {
    int total = 0, height = 0;
    for (const QToolButton* pill : m_buttons) {
        total += pill->sizeHint().width() + static_cast<int>(kGapPx * textZoom(*this));
        height = std::max(height, pill->sizeHint().height());
    }
    return {total, std::max(height, minimumHeight())};
}

QSize StageBar::minimumSizeHint() const {
    int widest = 0;
    for (const QToolButton* pill : m_buttons) widest = std::max(widest, pill->sizeHint().width());
    return {widest + static_cast<int>(kGapPx * textZoom(*this)), minimumHeight()};
}

void StageBar::paintEvent(QPaintEvent*) {
    const Palette& colours = paletteFor(*this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double strength =
        m_flash.state() == QAbstractAnimation::Running ? m_flash.currentValue().toDouble() : 0;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (strength > 0 && m_flashing.count(m_stages[i].id) > 0) {
            const Role role = roleOfStage(m_stages[i].id);
            QColor glow = role == Role::None ? colours.accent : colours.role(role);
            glow.setAlphaF(static_cast<float>(0.35 * strength));
            const QRectF pill = m_buttons[i]->geometry();
            painter.setPen(Qt::NoPen);
            painter.setBrush(glow);
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        }
        if (i > 0) paintArrow(painter, m_buttons[i - 1]->geometry(), m_buttons[i]->geometry());
    }
}

void StageBar::paintArrow(QPainter& painter, const QRect& from, const QRect& to) const {
    const double zoom = textZoom(*this);
    const bool sameRow = from.top() == to.top();
    const bool mirrored = isRightToLeft();
    const int least = static_cast<int>(kLeastGapPx * zoom);
    double tip = mirrored ? to.right() + 3 : to.left() - 3;
    double tail = mirrored ? from.left() - 3 : from.right() + 4;
    if (!sameRow) tail = mirrored ? tip + least - 5 : tip - least + 5;
    const double y = to.center().y() + 0.5, head = 3.5 * std::min(zoom, 1.5) * (mirrored ? -1 : 1);
    painter.setPen(QPen(paletteFor(*this).muted, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawLine(QPointF(tail, y), QPointF(tip, y));
    painter.drawPolyline(
        QPolygonF{{tip - head, y - std::abs(head)}, {tip, y}, {tip - head, y + std::abs(head)}});
}

void StageBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void StageBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrange();
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Stages of the computation"));
        showStages();
    }
}

}  // namespace attn::ui
