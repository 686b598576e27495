#include "ui/views/export_dialog.h"

#include "ui/model/error_text.h"
#include "ui/plot/figure.h"
#include "ui/style/fonts.h"
#include "ui/views/export_preview.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr int kPreviewPx = 1400;  ///< longest side of the picture that the preview scales
const char* const kFolderKey = "export/folder";

bool isData(const QString& format) {
    return format == QStringLiteral("csv") || format == QStringLiteral("json") ||
           format == QStringLiteral("npy");
}

QSpinBox* pixelBox(int value, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(0, kMaxFigurePx);
    box->setSingleStep(50);
    box->setSpecialValueText(ExportDialog::tr("automatic"));
    box->setSuffix(QStringLiteral(" px"));
    box->setValue(value);
    return box;
}

void select(QComboBox* box, const QVariant& data) {
    box->setCurrentIndex(std::max(0, box->findData(data)));
}

}  // namespace

ExportDialog::ExportDialog(TracePtr trace, const FigureRequest& request, QWidget* parent)
    : ExportDialog(std::make_shared<TraceSource>(std::move(trace)), request, parent) {}

ExportDialog::ExportDialog(std::shared_ptr<const FigureSource> source, const FigureRequest& request,
                           QWidget* parent)
    : QDialog(parent), m_source(std::move(source)), m_request(request), m_preview(new ExportPreview(this)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    buildControls(request);

    m_size = new QLabel(this);
    m_size->setProperty("look", QStringLiteral("muted"));
    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("export.error"));
    m_error->setProperty("badge", QStringLiteral("warning"));
    m_error->setWordWrap(true);
    m_error->hide();
    m_copy = new QPushButton(tr("Copy to clipboard"), this);
    m_copy->setObjectName(QStringLiteral("export.copy"));
    m_export = new QPushButton(tr("Export…"), this);
    m_export->setObjectName(QStringLiteral("export.save"));
    m_export->setProperty("primary", true);
    m_export->setDefault(true);
    auto* cancel = new QPushButton(tr("Close"), this);
    connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copyToClipboard);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::chooseAndExport);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);

    auto* side = new QVBoxLayout;
    side->addLayout(buildForm());
    side->addStretch(1);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(16);
    upper->addWidget(m_preview, 1);
    upper->addLayout(side);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_export);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(upper, 1);
    layout->addWidget(m_error);
    layout->addLayout(buttons);
    const double zoom = textZoom(*this);
    resize(static_cast<int>(560 + 300 * zoom), static_cast<int>(200 + 340 * zoom));
    followFormat();
}

QFormLayout* ExportDialog::buildForm() {
    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft);
    form->setVerticalSpacing(8);
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Width"), m_width);
    form->addRow(tr("Height"), m_height);
    form->addRow(tr("Resolution"), m_dpi);
    form->addRow(tr("Theme"), m_theme);
    if (m_source->isTensor()) {
        form->addRow(tr("Colours"), m_colors);
        form->addRow(tr("Range"), m_range);
        form->addRow(m_values);
        form->addRow(m_allHeads);
    } else {
        for (QWidget* editor : {static_cast<QWidget*>(m_colors), static_cast<QWidget*>(m_range),
                                static_cast<QWidget*>(m_values), static_cast<QWidget*>(m_allHeads)}) {
            editor->hide();
        }
    }
    form->addRow(m_transparent);
    form->addRow(m_size);
    return form;
}

void ExportDialog::buildControls(const FigureRequest& request) {
    const auto combo = [this](const char* name) {
        auto* box = new QComboBox(this);
        box->setObjectName(QStringLiteral("export.") + QLatin1String(name));
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::followFormat);
        return box;
    };
    const auto check = [this](const char* name, const QString& text, bool on) {
        auto* box = new QCheckBox(text, this);
        box->setObjectName(QStringLiteral("export.") + QLatin1String(name));
        box->setChecked(on);
        connect(box, &QCheckBox::toggled, this, &ExportDialog::updatePreview);
        return box;
    };
    m_format = combo("format");
    m_format->addItem(tr("PNG picture"), QStringLiteral("png"));
    m_format->addItem(tr("SVG vectors"), QStringLiteral("svg"));
    m_format->addItem(tr("PDF page"), QStringLiteral("pdf"));
    m_format->addItem(tr("CSV table"), QStringLiteral("csv"));
    m_format->addItem(tr("JSON data"), QStringLiteral("json"));
    if (m_source->isTensor()) m_format->addItem(tr("NumPy array"), QStringLiteral("npy"));
    m_width = pixelBox(request.width, this);
    m_width->setObjectName(QStringLiteral("export.width"));
    m_height = pixelBox(request.height, this);
    m_height->setObjectName(QStringLiteral("export.height"));
    m_dpi = new QSpinBox(this);
    m_dpi->setObjectName(QStringLiteral("export.dpi"));
    m_dpi->setRange(kMinDpi, kMaxDpi);
    m_dpi->setSingleStep(96);
    m_dpi->setSuffix(tr(" dpi"));
    m_dpi->setValue(request.dpi);
    m_dpi->setToolTip(tr("96 dpi: one pixel for each; 192: twice as many in each direction"));
    for (QSpinBox* box : {m_width, m_height, m_dpi}) {
        connect(box, &QSpinBox::valueChanged, this, &ExportDialog::updatePreview);
    }
    m_theme = combo("theme");
    m_theme->addItem(tr("light"), static_cast<int>(Theme::Light));
    m_theme->addItem(tr("dark"), static_cast<int>(Theme::Dark));
    select(m_theme, static_cast<int>(request.theme));
    m_colors = combo("colors");
    for (const ColorMapId id : sequentialColorMaps()) {
        m_colors->addItem(QString::fromLatin1(toString(id)), static_cast<int>(id));
    }
    select(m_colors, static_cast<int>(request.colormap));
    m_range = combo("range");
    m_range->addItem(tr("0 to the largest of all heads"), static_cast<int>(RangeMode::Shared));
    m_range->addItem(tr("0 to 1"), static_cast<int>(RangeMode::Unit));
    select(m_range, static_cast<int>(request.range));
    m_values = check("values", tr("Numbers in the cells"), request.values);
    const bool heads = m_source->hasHeads(request);
    const bool all = heads && (request.view == FigureView::Heads || request.head == kAllHeads);
    m_allHeads = check("allHeads", tr("All heads on one sheet"), all);
    m_allHeads->setEnabled(heads);
    m_transparent = check("transparent", tr("Transparent ground"), request.transparent);
}

QString ExportDialog::format() const {
    return m_format->currentData().toString();
}
QString ExportDialog::error() const {
    return m_error->isHidden() ? QString() : m_error->text();
}

FigureRequest ExportDialog::request() const {
    FigureRequest request = m_request;
    request.view = m_allHeads->isChecked() ? FigureView::Heads : FigureView::HeatMap;
    if (request.head == kAllHeads) request.head = 0;
    request.width = m_width->value();
    request.height = m_height->value();
    request.dpi = m_dpi->value();
    request.theme = static_cast<Theme>(m_theme->currentData().toInt());
    request.colormap = static_cast<ColorMapId>(m_colors->currentData().toInt());
    request.range = static_cast<RangeMode>(m_range->currentData().toInt());
    request.values = m_values->isChecked();
    request.transparent = m_transparent->isChecked();
    return request;
}

void ExportDialog::followFormat() {
    if (m_transparent == nullptr || m_export == nullptr) return;
    const bool figure = !isData(format());
    for (QWidget* editor :
         {static_cast<QWidget*>(m_width), static_cast<QWidget*>(m_height), static_cast<QWidget*>(m_theme),
          static_cast<QWidget*>(m_colors), static_cast<QWidget*>(m_range), static_cast<QWidget*>(m_values),
          static_cast<QWidget*>(m_transparent)}) {
        editor->setEnabled(figure);
    }
    // Resolution means nothing to vectors.
    m_dpi->setEnabled(format() == QStringLiteral("png"));
    updatePreview();
}

void ExportDialog::updatePreview() {
    if (m_export == nullptr) return;
    FigureRequest wanted = request();
    auto spec = m_source->figure(wanted);
    if (!spec) {
        m_preview->setPicture({}, false);
        showError(errorText(spec.error()));
        return;
    }
    const QSize size = figureSize(*spec);
    // The preview needs no more pixels than a screen has; what is asked for is checked as it is.
    FigureSpec shown = *spec;
    const int longest = std::max({size.width(), size.height(), 1});
    shown.dpi = std::clamp(96 * kPreviewPx / longest, kMinDpi, 192);
    const auto image = figureImage(shown);
    if (!image) {
        m_preview->setPicture({}, false);
        showError(errorText(image.error()));
        return;
    }
    showError({});
    m_preview->setPicture(*image, wanted.transparent);
    const bool raster = format() == QStringLiteral("png");
    const int dpi = raster ? wanted.dpi : 96;
    m_size->setText(isData(format())
                        ? tr("the numbers alone")
                        : tr("%1 × %2 pixels").arg(size.width() * dpi / 96).arg(size.height() * dpi / 96));
}

void ExportDialog::showError(const QString& text) {
    m_error->setText(text);
    m_error->setVisible(!text.isEmpty());
    m_export->setEnabled(text.isEmpty());
    m_copy->setEnabled(text.isEmpty());
}

void ExportDialog::copyToClipboard() {
    if (isData(format())) {
        const DataFormat kind = format() == QStringLiteral("json") ? DataFormat::Json : DataFormat::Csv;
        const auto text = m_source->data(request(), kind);
        if (text) QApplication::clipboard()->setText(QString::fromStdString(*text));
        return;
    }
    const auto spec = m_source->figure(request());
    auto mime = spec ? figureMimeData(*spec) : tl::unexpected(spec.error());
    if (mime) {
        QApplication::clipboard()->setMimeData(mime->release());
    } else {
        showError(errorText(mime.error()));
    }
}

bool ExportDialog::exportTo(const QString& path) {
    const auto written = m_source->write(request(), path.toStdU16String());
    showError(written ? QString() : errorText(written.error()));
    m_export->setEnabled(true);  // another place can be tried at once
    return written.has_value();
}

void ExportDialog::chooseAndExport() {
    const QString path = askExportPath(this, tr("Export"), m_source->suggestedName(request()),
                                       {{format(), tr("%1 (*.%2)").arg(m_format->currentText(), format())}});
    if (!path.isEmpty() && exportTo(path)) accept();
}

QString askExportPath(QWidget* parent, const QString& title, const QString& name,
                      const std::vector<std::pair<QString, QString>>& formats) {
    QSettings settings;
    QString folder = settings.value(QLatin1String(kFolderKey)).toString();
    if (folder.isEmpty() || !QFileInfo(folder).isDir()) {
        folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    }
    QStringList filters;
    for (const auto& format : formats) filters.append(format.second);
    QFileDialog dialog(parent, title, folder);
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilters(filters);
    dialog.setDefaultSuffix(formats.front().first);
    dialog.selectFile(name);
    QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, [&](const QString& filter) {
        for (const auto& format : formats) {
            if (format.second == filter) dialog.setDefaultSuffix(format.first);
        }
    });
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return {};
    QString path = dialog.selectedFiles().constFirst();
    settings.setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    return path;
}

}  // namespace attn::ui
