#include "ui/views/trace_adapter.h"

#include "core/trace/ablated.h"
#include "core/trace/model_info.h"
#include "core/trace/shown_tokens.h"
#include "ui/model/error_text.h"
#include "ui/views/edited_flags.h"

#include <algorithm>

namespace attn::ui {

namespace {

QString axisTitle(Axis axis) {
    switch (axis) {
        case Axis::Queries:
            return TraceAdapter::tr("query");
        case Axis::Keys:
            return TraceAdapter::tr("key");
        case Axis::Model:
            return QStringLiteral("d_model");
        case Axis::HeadDim:
            return QStringLiteral("dₖ");
        case Axis::ValueDim:
            return QStringLiteral("dᵥ");
        case Axis::Vocabulary:
            return TraceAdapter::tr("vocabulary");
    }
    return {};
}

Role columnRole(const TensorKey& key, Axis axis) {
    if (axis == Axis::Keys) return Role::Key;
    if (axis == Axis::ValueDim) return Role::Value;
    switch (key.name) {
        case TensorName::Q:
        case TensorName::QProj:
        case TensorName::WQ:
            return Role::Query;
        case TensorName::K:
        case TensorName::KProj:
        case TensorName::WK:
            return Role::Key;
        case TensorName::AttnOut:
        case TensorName::ResidPost:
        case TensorName::WO:
            return Role::Output;
        default:
            return Role::None;
    }
}

Role rowRole(Axis axis) {
    if (axis == Axis::Queries) return Role::Query;
    return axis == Axis::Keys ? Role::Key : Role::None;
}

}  // namespace

QString headTitle(const QString& tensor, const SiteInfo& site, Index tensorHeads, Index head) {
    if (tensorHeads >= site.heads) return TraceAdapter::tr("%1, head %2").arg(tensor).arg(head);
    const Index first = site.firstHeadOf(tensorHeads, head);
    const Index last = site.firstHeadOf(tensorHeads, head + 1) - 1;
    return TraceAdapter::tr("%1, matrix %2 of heads %3 to %4").arg(tensor).arg(head).arg(first).arg(last);
}

QString headName(const Trace& trace, const SiteInfo& site, Index head) {
    const NamedHead* named = trace.model() != nullptr ? trace.model()->namedHead(site.name, head) : nullptr;
    if (named == nullptr) return {};
    const QString name = coreText(named->name.c_str());
    return named->taught ? TraceAdapter::tr("%1 (taught)").arg(name) : name;
}

QString headStory(const Trace& trace, const SiteInfo& site, Index head) {
    const NamedHead* named = trace.model() != nullptr ? trace.model()->namedHead(site.name, head) : nullptr;
    if (named == nullptr) return {};
    QString story = headName(trace, site, head);
    if (!named->explanation.empty()) story += QStringLiteral(": ") + coreText(named->explanation.c_str());
    return story;
}

std::vector<bool> editedHeads(const Trace& trace, const TensorKey& key, Index heads) {
    const TensorEdits* const edits = trace.edits(key);
    if (edits == nullptr) return {};
    std::vector<bool> out(static_cast<std::size_t>(heads));
    for (const EditedCell& cell : edits->cells()) out[static_cast<std::size_t>(cell.head)] = true;
    return out;
}

bool isTokenByToken(const TensorKey& key) {
    const auto [rows, columns] = axes(key);
    return rows == Axis::Queries && columns == Axis::Keys;
}

MatrixCell matrixCell(const TensorKey& key, Index rows, Index columns, const Cell& cell) {
    const auto [rowAxis, columnAxis] = axes(key);
    MatrixCell found;
    if (rowAxis == Axis::Queries) found.row = cell.query;
    if (rowAxis == Axis::Keys) found.row = cell.key;
    if (isWeight(key.name)) found.row = cell.weightRow;
    if (found.row >= rows) found.row = -1;
    if (columnAxis == Axis::Keys) {
        found.column = cell.key < columns ? cell.key : -1;
    } else if (found.row >= 0) {
        found.column = std::clamp<Index>(cell.dimension, 0, std::max<Index>(columns - 1, 0));
    }
    return found;
}

Cell selectionCell(const TensorKey& key, const MatrixCell& cell, const Cell& before) {
    const auto [rowAxis, columnAxis] = axes(key);
    Cell selected = before;
    const auto row = static_cast<int>(cell.row);
    const auto column = static_cast<int>(cell.column);
    if (rowAxis == Axis::Queries) selected.query = row;
    if (rowAxis == Axis::Keys) selected.key = row;
    if (isWeight(key.name)) selected.weightRow = row;
    if (columnAxis == Axis::Keys) {
        selected.key = column;
    } else {
        selected.dimension = column;
    }
    return selected;
}

Cell placesOf(const Trace& trace, const TensorKey& key, const Cell& tokens) {
    return {static_cast<int>(placeOfToken(trace, key, Axis::Queries, tokens.query)),
            static_cast<int>(placeOfToken(trace, key, Axis::Keys, tokens.key)), tokens.dimension,
            tokens.weightRow};
}

Cell tokensOf(const Trace& trace, const TensorKey& key, const Cell& places, const Cell& before) {
    const auto token = [&](Axis axis, int place, int present) {
        const TokenRun run = tokensAt(trace, key, axis, place);
        const bool among = present >= run.first && present < run.first + run.count;
        return among ? present : static_cast<int>(run.first);
    };
    return {token(Axis::Queries, places.query, before.query), token(Axis::Keys, places.key, before.key),
            places.dimension, places.weightRow};
}

MatrixCell matrixCell(const Trace& trace, const TensorKey& key, Index rows, Index columns, const Cell& cell) {
    return matrixCell(key, rows, columns, placesOf(trace, key, cell));
}

Cell selectionCell(const Trace& trace, const TensorKey& key, const MatrixCell& cell, const Cell& before) {
    // What the tensor does not say goes through as it is: a hidden token stays selected.
    const auto [rowAxis, columnAxis] = axes(key);
    const Cell chosen = tokensOf(trace, key, selectionCell(key, cell, {}), before);
    Cell selected = before;
    if (rowAxis == Axis::Queries) selected.query = chosen.query;
    if (rowAxis == Axis::Keys || columnAxis == Axis::Keys) selected.key = chosen.key;
    if (columnAxis != Axis::Keys) selected.dimension = chosen.dimension;
    selected.weightRow = chosen.weightRow >= 0 ? chosen.weightRow : before.weightRow;
    return selected;
}

Labels TraceAdapter::labels(const Tokens& tokens) {
    for (const LabelList& list : m_labels) {
        if (list.labels && list.tokens == tokens) return list.labels;
    }
    auto made = std::make_shared<QStringList>();
    made->reserve(static_cast<qsizetype>(tokens.items.size()));
    for (const Token& token : tokens.items) made->append(QString::fromStdString(displayText(token.text)));
    LabelList& place = m_labels[m_oldest];
    m_oldest = 1 - m_oldest;
    place = {tokens, std::move(made)};
    return place.labels;
}

Labels TraceAdapter::axisLabels(const Trace& trace, const TensorKey& key, Axis axis) {
    const Tokens* const tokens = trace.tokensAlong(key, axis);
    return tokens == nullptr ? nullptr : labels(*tokens);
}

ValueRange TraceAdapter::range(const TensorKey& key, const TensorPtr& tensor, RangeMode mode) {
    const Quantity kind = quantity(key.name);
    if (kind == Quantity::Probability && mode == RangeMode::Unit) return {0, 1};
    if (!tensor) return m_heldKey == key ? m_held : ValueRange{};
    if (tensor != m_measured) {
        m_measured = tensor;
        m_measuredRange = sharedRange(*tensor, kind);
    }
    if (m_hold && m_heldKey == key) {
        m_held = {std::min(m_held.low, m_measuredRange.low), std::max(m_held.high, m_measuredRange.high)};
    } else {
        m_held = m_measuredRange;
        m_heldKey = key;
    }
    return m_held;
}

std::shared_ptr<const std::vector<std::uint8_t>> TraceAdapter::marks(const MaskPlan& plan, bool hideMasked) {
    if (plan.cells.empty() && plan.byHand.empty()) return nullptr;
    if (m_marks.flags && m_marks.hideMasked == hideMasked && m_marks.plan == plan) return m_marks.flags;
    auto flags =
        std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(plan.queries * plan.keys));
    for (std::size_t i = 0; i < flags->size(); ++i) {
        const bool masked = hideMasked && !plan.cells.empty() && plan.cells[i] == 0;
        const bool byHand = !plan.byHand.empty() && plan.byHand[i] != 0;
        (*flags)[i] = static_cast<std::uint8_t>((masked ? kCellMasked : 0) | (byHand ? kCellByHand : 0));
    }
    m_marks = {plan, hideMasked, std::move(flags)};
    return m_marks.flags;
}

TraceAdapter::Flags TraceAdapter::withEdits(const Flags& base, const Trace& trace, const TensorKey& key,
                                            const HeatMapData& data) {
    const std::array<Index, 2> size{data.rowCount(), data.columnCount()};
    std::vector<MatrixCell> cells = editedCells(trace, key, data.head, size[0], size[1]);
    if (cells.empty()) return base;
    EditMarks& kept = m_editMarks;
    if (kept.flags && kept.base == base && kept.size == size && kept.cells == cells) return kept.flags;
    Flags flags = withEditedCells(base, cells, size[0], size[1]);
    kept = {base, std::move(flags), std::move(cells), size};
    return kept.flags;
}

HeatMapData TraceAdapter::forThumbnails(HeatMapData data) const {
    data.flags = m_withoutEdits;
    return data;
}

HeatMapData TraceAdapter::heatMap(const Trace& trace, const SiteInfo& site, const TensorKey& key,
                                  const TensorPtr& tensor, Index head, RangeMode mode) {
    const auto [rowAxis, columnAxis] = axes(key);
    const EntryPtr entry = trace.find(key);
    const bool hasHeads = entry && entry->rank() == 3;
    HeatMapData data;
    data.tensor = tensor;
    data.head = hasHeads && tensor ? std::clamp<Index>(head, 0, std::max<Index>(tensor->heads() - 1, 0)) : 0;
    data.quantity = quantity(key.name);
    data.range = range(key, tensor, mode);
    data.rows = axisLabels(trace, key, rowAxis);
    data.columns = axisLabels(trace, key, columnAxis);
    data.title = QString::fromLatin1(toString(key.name));
    if (hasHeads) {
        data.title = headTitle(data.title, site, entry->shape()[0], data.head);
        const bool own = entry->shape()[0] == site.heads;
        if (const QString name = own ? headName(trace, site, data.head) : QString(); !name.isEmpty())
            data.title += QStringLiteral(": ") + name;
    }
    if (const auto off = ablationOf(trace, key, data.head)) {
        data.title = *off == AblationKind::Zero ? tr("%1 (switched off: 0)").arg(data.title)
                                                : tr("%1 (switched off: mean)").arg(data.title);
    }
    data.rowTitle = axisTitle(rowAxis);
    data.columnTitle = axisTitle(columnAxis);
    data.rowRole = rowRole(rowAxis);
    data.columnRole = columnRole(key, columnAxis);
    data.squareCells = isTokenByToken(key);
    if (data.squareCells) {
        const bool hideMasked = key.name == TensorName::Scores || key.name == TensorName::Pattern;
        data.flags = marks(trace.maskOf(key), hideMasked);
    }
    m_withoutEdits = data.flags;
    data.flags = withEdits(data.flags, trace, key, data);
    if (data.flags != m_withoutEdits) data.title = tr("%1 (edited)").arg(data.title);
    return data;
}

}  // namespace attn::ui
