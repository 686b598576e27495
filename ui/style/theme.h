#pragma once
/// Applies a theme and a text zoom to the application, and follows the system's preference.

#include "ui/style/palette.h"

#include <QObject>

#include <optional>

namespace attn::ui {

enum class ThemeChoice : std::uint8_t { System, Light, Dark };

/// One per application, owned by whoever owns the window. Widgets do not need it: they find their colours by
/// paletteFor(*this) and their zoom by textZoom(*this), and hear of changes through changeEvent
/// (PaletteChange, FontChange). `changed` is for what is no widget.
class ThemeController : public QObject {
    Q_OBJECT
public:
    explicit ThemeController(QObject* parent = nullptr);

    /// Palette, style sheet and font of the QApplication. Applying what is applied already costs nothing.
    void apply(ThemeChoice choice, double zoom);

    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] Theme theme() const { return m_theme; }
    [[nodiscard]] double zoom() const { return m_zoom; }

    /// What the desktop prefers: the portal's color-scheme where there is one, else by the palette that the
    /// platform gave the application.
    [[nodiscard]] Theme systemTheme() const;

signals:
    void changed(attn::ui::Theme theme, double zoom);

private slots:
    void portalSettingChanged(const QString& group, const QString& key);

private:
    ThemeChoice m_choice = ThemeChoice::System;
    Theme m_theme = Theme::Light;
    double m_zoom = 1.0;
    bool m_applied = false;
    Theme m_platformTheme;                  ///< before we set a palette
    mutable std::optional<Theme> m_portal;  ///< asked once, then kept up to date by its signal
    mutable bool m_asked = false;
};

}  // namespace attn::ui
