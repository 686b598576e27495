#include "ui/model/error_text.h"

#include <QCoreApplication>

namespace attn::ui {

QString coreText(const char* text) {
    return QCoreApplication::translate("core", text);
}

QString errorText(const Error& error) {
    Error translated = error;
    const QByteArray text = coreText(error.text).toUtf8();
    translated.text = text.constData();
    return QString::fromStdString(translated.english());
}

}  // namespace attn::ui
