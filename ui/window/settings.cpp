#include "ui/window/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace attn::ui {
namespace {

const QString kGeometry = QStringLiteral("window/geometry");
const QString kSplitter = QStringLiteral("window/splitter");
const QString kTheme = QStringLiteral("window/theme");
const QString kZoom = QStringLiteral("window/zoom");
const QString kRecent = QStringLiteral("files/recent");
const QString kModels = QStringLiteral("files/models");
const QString kFolder = QStringLiteral("files/folder");

}  // namespace

Settings::Settings()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attention-lab"),
                 QStringLiteral("attention-lab")) {}

QByteArray Settings::geometry() const {
    return m_settings.value(kGeometry).toByteArray();
}
void Settings::setGeometry(const QByteArray& geometry) {
    m_settings.setValue(kGeometry, geometry);
}
QByteArray Settings::splitter() const {
    return m_settings.value(kSplitter).toByteArray();
}
void Settings::setSplitter(const QByteArray& state) {
    m_settings.setValue(kSplitter, state);
}

ThemeChoice Settings::theme() const {
    const QString name = m_settings.value(kTheme).toString();
    if (name == QLatin1String("light")) return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice choice) {
    const char* const name = choice == ThemeChoice::Light  ? "light"
                             : choice == ThemeChoice::Dark ? "dark"
                                                           : "system";
    m_settings.setValue(kTheme, QString::fromLatin1(name));
}

int Settings::zoomPercent() const {
    return std::clamp(m_settings.value(kZoom, 100).toInt(), kMinZoomPercent, kMaxZoomPercent);
}

void Settings::setZoomPercent(int percent) {
    m_settings.setValue(kZoom, percent);
}

QStringList Settings::recentFiles() const {
    QStringList files = m_settings.value(kRecent).toStringList();
    files.erase(std::remove_if(files.begin(), files.end(),
                               [](const QString& path) { return !QFileInfo::exists(path); }),
                files.end());
    return files.mid(0, kMostRecentFiles);
}

void Settings::addRecentFile(const QString& path) {
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    m_settings.setValue(kRecent, files.mid(0, kMostRecentFiles));
}

void Settings::clearRecentFiles() {
    m_settings.remove(kRecent);
}

QString Settings::lastFolder() const {
    QString folder = m_settings.value(kFolder).toString();
    if (!folder.isEmpty() && QFileInfo(folder).isDir()) return folder;
    folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QFileInfo(folder).isDir() ? folder : QDir::homePath();
}

QString Settings::lastModelFolder() const {
    QString folder = m_settings.value(kModels).toString();
    return !folder.isEmpty() && QFileInfo(folder).isDir() ? folder : lastFolder();
}

void Settings::setLastModelFolder(const QString& folder) {
    m_settings.setValue(kModels, folder);
}

void Settings::setLastFolder(const QString& folder) {
    m_settings.setValue(kFolder, folder);
}

}  // namespace attn::ui
