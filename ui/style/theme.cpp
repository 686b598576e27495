#include "ui/style/theme.h"

#include "ui/style/fonts.h"
#include "ui/style/style_sheet.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

#include <algorithm>

#ifdef ATTN_HAVE_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#endif

namespace attn::ui {

namespace {

#ifdef ATTN_HAVE_DBUS
constexpr const char* kPortal = "org.freedesktop.portal.Desktop";
constexpr const char* kPortalPath = "/org/freedesktop/portal/desktop";
constexpr const char* kPortalSettings = "org.freedesktop.portal.Settings";
constexpr const char* kAppearance = "org.freedesktop.appearance";
constexpr const char* kColorScheme = "color-scheme";
constexpr int kPortalPatienceMillis = 150;

/// 1: dark preferred, 2: light preferred, anything else: no preference.
std::optional<Theme> askPortal() {
    if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) return std::nullopt;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return std::nullopt;
    QDBusMessage call =
        QDBusMessage::createMethodCall(QLatin1String(kPortal), QLatin1String(kPortalPath),
                                       QLatin1String(kPortalSettings), QStringLiteral("Read"));
    call << QString::fromLatin1(kAppearance) << QString::fromLatin1(kColorScheme);
    const QDBusMessage reply = bus.call(call, QDBus::Block, kPortalPatienceMillis);
    if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty()) return std::nullopt;
    QVariant value = reply.arguments().constFirst();
    // "Read" wraps its answer twice.
    for (int depth = 0; depth < 3 && value.canConvert<QDBusVariant>(); ++depth)
        value = value.value<QDBusVariant>().variant();
    switch (value.toUInt()) {
        case 1:
            return Theme::Dark;
        case 2:
            return Theme::Light;
        default:
            return std::nullopt;
    }
}
#endif

bool hasDesktop() {
    const QString platform = QGuiApplication::platformName();
    return platform != QStringLiteral("offscreen") && platform != QStringLiteral("minimal");
}

}  // namespace

ThemeController::ThemeController(QObject* parent)
    : QObject(parent), m_platformTheme(themeOf(QGuiApplication::palette())) {}

Theme ThemeController::systemTheme() const {
#ifdef ATTN_HAVE_DBUS
    if (!m_asked && hasDesktop()) {
        m_asked = true;
        m_portal = askPortal();
        if (m_portal)
            QDBusConnection::sessionBus().connect(
                QLatin1String(kPortal), QLatin1String(kPortalPath), QLatin1String(kPortalSettings),
                QStringLiteral("SettingChanged"), const_cast<ThemeController*>(this),
                SLOT(portalSettingChanged(QString, QString)));
    }
#endif
    return m_portal.value_or(m_platformTheme);
}

void ThemeController::portalSettingChanged([[maybe_unused]] const QString& group,
                                           [[maybe_unused]] const QString& key) {
#ifdef ATTN_HAVE_DBUS
    if (group != QLatin1String(kAppearance) || key != QLatin1String(kColorScheme)) return;
    m_portal = askPortal();
    if (m_applied && m_choice == ThemeChoice::System) apply(ThemeChoice::System, m_zoom);
#endif
}

void ThemeController::apply(ThemeChoice choice, double zoom) {
    const double clamped = std::clamp(zoom, kMinZoom, kMaxZoom);
    Theme theme = Theme::Light;
    switch (choice) {
        case ThemeChoice::Light:
            theme = Theme::Light;
            break;
        case ThemeChoice::Dark:
            theme = Theme::Dark;
            break;
        case ThemeChoice::System:
            theme = systemTheme();
            break;
    }
    m_choice = choice;
    if (m_applied && theme == m_theme && qFuzzyCompare(clamped, m_zoom)) return;
    const bool first = !m_applied;
    m_theme = theme;
    m_zoom = clamped;
    m_applied = true;
    // Fusion draws what the sheet leaves alone; other styles mix badly with sheets.
    if (first) QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    auto* application = qobject_cast<QApplication*>(QCoreApplication::instance());
    if (application == nullptr) return;
    const Palette& colours = ui::palette(theme);
    QApplication::setPalette(qtPalette(colours));
    QApplication::setFont(textFont(kBaseTextPx * clamped));
    application->setStyleSheet(styleSheet(colours, clamped));
    emit changed(m_theme, m_zoom);
}

}  // namespace attn::ui
