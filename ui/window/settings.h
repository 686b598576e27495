#pragma once
/// What the window remembers between runs. Nothing in it changes a number.

#include "ui/style/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace attn::ui {

class Settings {
public:
    static constexpr int kMostRecentFiles = 10;
    static constexpr int kMinZoomPercent = 50, kMaxZoomPercent = 250;

    Settings();

    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    [[nodiscard]] QByteArray splitter() const;
    void setSplitter(const QByteArray& state);

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    [[nodiscard]] int zoomPercent() const;
    void setZoomPercent(int percent);

    /// Scenes and models' folders, newest first; those that are gone are left out.
    [[nodiscard]] QStringList recentFiles() const;
    void addRecentFile(const QString& path);
    void clearRecentFiles();

    [[nodiscard]] QString lastFolder() const;
    void setLastFolder(const QString& folder);
    [[nodiscard]] QString lastModelFolder() const;  ///< where the last model's folder lies
    void setLastModelFolder(const QString& folder);

private:
    QSettings m_settings;
};

}  // namespace attn::ui
