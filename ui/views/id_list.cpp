#include "ui/views/id_list.h"

#include "core/scene/scene.h"

#include <QRegularExpression>
#include <QStringList>

namespace attn::ui {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr qsizetype kMostShown = 24;

}  // namespace

Result<std::vector<std::int64_t>> parseIds(const QString& text, std::int64_t vocabulary) {
    static const QRegularExpression between(QStringLiteral("[,;\\s]+"));
    std::vector<std::int64_t> ids;
    for (const QString& word : text.split(between, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const qlonglong id = word.toLongLong(&isNumber);
        if (!isNumber) return fail(tr("ids: '%1' is no whole number"), {word.left(kMostShown).toStdString()});
        if (id < 0 || id >= vocabulary) {
            return fail(tr("ids: %1 is outside the vocabulary 0 … %2"),
                        {std::to_string(id), std::to_string(vocabulary - 1)});
        }
        if (ids.size() == kMaxIds) return fail(tr("ids: at most %1 can be given"), {std::to_string(kMaxIds)});
        ids.push_back(id);
    }
    return ids;
}

QString idText(const std::vector<std::int64_t>& ids) {
    QStringList words;
    words.reserve(static_cast<qsizetype>(ids.size()));
    for (const std::int64_t id : ids) words += QString::number(id);
    return words.join(QStringLiteral(", "));
}

}  // namespace attn::ui
