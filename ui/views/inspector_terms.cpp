#include "ui/views/inspector_terms.h"

#include "ui/views/inspector_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn::ui {

void TermsModel::setStep(const ExplanationStep& step, const QStringList& keys) {
    const bool sameShape = step.terms.size() == m_step.terms.size() && step.axis == m_step.axis;
    if (!sameShape) beginResetModel();
    m_step = step;
    m_keys = keys;
    arrange();
    if (!sameShape) {
        endResetModel();
    } else if (!m_order.empty()) {
        // The same lines with other numbers: whoever scrolled stays where they are.
        emit dataChanged(index(0, 0), index(rowCount() - 1, ValueColumn));
    }
}

int TermsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_step.terms.size());
}

int TermsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ValueColumn + 1;
}

QVariant TermsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const ExplainedTerm& term = m_step.terms[m_order[static_cast<std::size_t>(index.row())]];
    const bool addend = m_step.form == TermForm::Addend;
    if (role == Qt::ToolTipRole)
        return termText(m_step, term) + QStringLiteral(" = ") + arithmeticNumber(term.value);
    switch (index.column()) {
        case NameColumn:
            return termName(m_step, term, m_keys);
        case LeftColumn:
            return addend ? QVariant() : QVariant(arithmeticNumber(term.left, 2));
        case RightColumn:
            return addend ? QVariant() : QVariant(arithmeticNumber(term.right, 2));
        default:
            return arithmeticNumber(term.value);
    }
}

QVariant TermsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case NameColumn:
            return m_step.axis == TermAxis::Key      ? tr("key")
                   : m_step.axis == TermAxis::Hidden ? tr("unit")
                                                     : tr("dim.");
        case LeftColumn:
            return QString::fromStdString(m_step.leftName);
        case RightColumn:
            return QString::fromStdString(m_step.rightName);
        default:
            return tr("term");
    }
}

void TermsModel::sort(int column, Qt::SortOrder order) {
    emit layoutAboutToBeChanged();
    m_column = column;
    m_sortOrder = order;
    arrange();
    emit layoutChanged();
}

void TermsModel::arrange() {
    m_order.resize(m_step.terms.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    const auto key = [this](std::size_t i) {
        const ExplainedTerm& term = m_step.terms[i];
        switch (m_column) {
            case LeftColumn:
                return term.left;
            case RightColumn:
                return term.right;
            case ValueColumn:
                return std::abs(term.value);
            default:
                return static_cast<double>(term.index);
        }
    };
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
        return m_sortOrder == Qt::AscendingOrder ? key(a) < key(b) : key(b) < key(a);
    });
}

}  // namespace attn::ui
