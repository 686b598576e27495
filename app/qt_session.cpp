#include "app/qt_session.h"

#include <QGuiApplication>

#include <cstdio>

namespace attn::app {
namespace {

/// A subcommand's standard error belongs to its user: Qt's remarks on the session (a missing runtime folder,
/// a font) are not about what was asked for.
void reportSeriousMessages(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type != QtCriticalMsg && type != QtFatalMsg) return;
    std::fprintf(stderr, "attention-lab: %s\n", message.toLocal8Bit().constData());
}

}  // namespace

OffscreenQt::OffscreenQt() {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // A session's scale factor must not reach into files.
    qunsetenv("QT_SCALE_FACTOR");
    qunsetenv("QT_SCREEN_SCALE_FACTORS");
    qInstallMessageHandler(&reportSeriousMessages);
    nameProgram();
    m_application = std::make_unique<QApplication>(m_argc, m_argv);
}

void nameProgram() {
    QCoreApplication::setApplicationName(QStringLiteral("attention-lab"));
    QCoreApplication::setOrganizationName(QStringLiteral("attention-lab"));
    QCoreApplication::setApplicationVersion(QStringLiteral(ATTN_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("attention-lab"));
}

}  // namespace attn::app
