#pragma once
/// What all views look at: a site, a head, a stage, a query and a key. One selection everywhere.

#include <QObject>
#include <QString>

namespace attn::ui {

/// A cell of a Tq × Tk matrix; -1 where nothing is chosen. Of a tensor whose columns are numbers of a vector
/// (embed, q, z …) a cell is a token, as query or as key, and a dimension; of a weight it is a row of its own
/// and a dimension.
struct Cell {
    int query = -1;
    int key = -1;
    int dimension = -1;
    int weightRow = -1;

    [[nodiscard]] bool isNull() const { return query < 0 && key < 0 && weightRow < 0; }
    bool operator==(const Cell&) const = default;
};

/// Hovering previews a cell, clicking pins it; views show `shown()`: the preview while there is one, else the
/// pin.
class Selection : public QObject {
    Q_OBJECT
public:
    explicit Selection(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] const QString& site() const { return m_site; }
    [[nodiscard]] const QString& stage() const { return m_stage; }
    [[nodiscard]] const QString& tensor() const {
        return m_tensor;
    }  ///< name within the stage; empty: its main one
    [[nodiscard]] int head() const { return m_head; }
    [[nodiscard]] Cell pinned() const { return m_pinned; }
    [[nodiscard]] Cell preview() const { return m_preview; }
    [[nodiscard]] Cell shown() const { return m_preview.isNull() ? m_pinned : m_preview; }

    void setSite(const QString& site);
    void setStage(const QString& stage, const QString& tensor = {});
    void setHead(int head);
    void pin(Cell cell);
    void setPreview(Cell cell);
    void clearPreview() { setPreview({}); }
    void free();  ///< Escape: no cell

signals:
    void siteChanged();
    void stageChanged();
    void headChanged();
    void cellChanged();  ///< pinned or previewed

private:
    QString m_site = QStringLiteral("blocks.0");
    QString m_stage = QStringLiteral("pattern");
    QString m_tensor;
    int m_head = 0;
    Cell m_pinned, m_preview;
};

}  // namespace attn::ui
