#pragma once
/// Takes a figure out of the window: a live preview, and everything that decides how it will look.

#include "core/trace/trace.h"
#include "ui/views/figure_source.h"

#include <QDialog>
#include <QPixmap>

#include <memory>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace attn::ui {

class ExportPreview;

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(TracePtr trace, const FigureRequest& request, QWidget* parent = nullptr);
    ExportDialog(std::shared_ptr<const FigureSource> source, const FigureRequest& request,
                 QWidget* parent = nullptr);

    /// The request as the dialog's controls have it.
    [[nodiscard]] FigureRequest request() const;
    /// "png", "svg", "pdf", "csv", "json" or "npy"
    [[nodiscard]] QString format() const;
    [[nodiscard]] QString error() const;
    /// Writes the file; an error is shown in the dialog and gives false.
    bool exportTo(const QString& path);

public slots:
    void copyToClipboard();

private:
    void buildControls(const FigureRequest& request);
    [[nodiscard]] QFormLayout* buildForm();
    void chooseAndExport();
    void followFormat();
    void updatePreview();
    void showError(const QString& text);

    std::shared_ptr<const FigureSource> m_source;
    FigureRequest m_request;
    ExportPreview* m_preview;
    QComboBox* m_format = nullptr;
    QSpinBox* m_width = nullptr;
    QSpinBox* m_height = nullptr;
    QSpinBox* m_dpi = nullptr;
    QComboBox* m_theme = nullptr;
    QComboBox* m_colors = nullptr;
    QComboBox* m_range = nullptr;
    QCheckBox* m_transparent = nullptr;
    QCheckBox* m_values = nullptr;
    QCheckBox* m_allHeads = nullptr;
    QLabel* m_size = nullptr;
    QLabel* m_error = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_export = nullptr;
};

/// Asks where to save, beginning in the folder of last time; empty when the user cancels. `formats`: ending
/// and filter.
[[nodiscard]] QString askExportPath(QWidget* parent, const QString& title, const QString& name,
                                    const std::vector<std::pair<QString, QString>>& formats);

}  // namespace attn::ui
