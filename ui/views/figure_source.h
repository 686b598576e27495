#pragma once
/// What an export takes from: a trace, or an experiment's page. The export dialog, the menus and
/// `attention-lab export` all go through it.

#include "ui/views/figure_request.h"

#include <QString>

#include <filesystem>
#include <functional>
#include <string>

namespace attn::ui {

class FigureSource {
public:
    virtual ~FigureSource() = default;

    [[nodiscard]] virtual Result<FigureSpec> figure(const FigureRequest& request) const = 0;
    [[nodiscard]] virtual Result<std::string> data(const FigureRequest& request, DataFormat format) const = 0;
    /// A file name without ending.
    [[nodiscard]] virtual QString suggestedName(const FigureRequest& request) const = 0;
    /// Tensors have a range, numbers in cells and NPY; a page of curves has none of them.
    [[nodiscard]] virtual bool isTensor() const { return false; }
    [[nodiscard]] virtual bool hasHeads(const FigureRequest& request) const {
        static_cast<void>(request);
        return false;
    }

    /// Writes a figure or data, by the ending of `path`; the whole file or nothing.
    [[nodiscard]] Result<void> write(const FigureRequest& request, const std::filesystem::path& path) const;

protected:
    FigureSource() = default;
    FigureSource(const FigureSource&) = default;
    FigureSource& operator=(const FigureSource&) = default;
};

/// "pattern-head-2": a file name without ending.
[[nodiscard]] QString suggestedName(const FigureRequest& request);

/// One tensor of a trace.
class TraceSource : public FigureSource {
public:
    explicit TraceSource(TracePtr trace) : m_trace(std::move(trace)) {}

    [[nodiscard]] Result<FigureSpec> figure(const FigureRequest& request) const override;
    [[nodiscard]] Result<std::string> data(const FigureRequest& request, DataFormat format) const override;
    [[nodiscard]] QString suggestedName(const FigureRequest& request) const override;
    [[nodiscard]] bool isTensor() const override { return true; }
    [[nodiscard]] bool hasHeads(const FigureRequest& request) const override;

private:
    TracePtr m_trace;
};

/// An experiment's page: its plots, and its table as text.
class PageSource : public FigureSource {
public:
    /// `spec`: title, caption, panels; sizes and colours come from the request. `data`: CSV or JSON.
    PageSource(FigureSpec spec, QString name, std::function<Result<std::string>(DataFormat)> data)
        : m_spec(std::move(spec)), m_name(std::move(name)), m_data(std::move(data)) {}

    [[nodiscard]] Result<FigureSpec> figure(const FigureRequest& request) const override;
    [[nodiscard]] Result<std::string> data(const FigureRequest& request, DataFormat format) const override;
    [[nodiscard]] QString suggestedName(const FigureRequest& request) const override;

private:
    FigureSpec m_spec;
    QString m_name;
    std::function<Result<std::string>(DataFormat)> m_data;
};

}  // namespace attn::ui
