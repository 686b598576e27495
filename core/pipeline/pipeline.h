#pragma once
/// Scene in, Trace out; what did not change is taken from the previous Trace.

#include "core/base/error.h"
#include "core/model/open_progress.h"
#include "core/pipeline/retention.h"
#include "core/scene/scene.h"
#include "core/tensor/buffer_pool.h"
#include "core/text/word_vectors.h"
#include "core/trace/trace.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace attn {

class OpenModel;

/// What evaluations share: buffers and loaded assets. Owned by whoever owns the worker.
class Pipeline {
public:
    Pipeline();
    ~Pipeline();

    /// The trace of a scene's inputs. `previous` is the cache: a stage whose key is unchanged hands on the
    /// very same objects, so that a view knows by comparing pointers that it need not repaint.
    ///
    /// A model that is not the one of the last trace is opened first, and `progress` told how far that is.
    /// The last trace's model stays open until another one has made a trace, and beyond the toy's.
    ///
    /// Null when a stop was requested (checked between tensors of the weights and between heads). An error
    /// where an asset or a model's folder cannot be read, or the model has nothing for what the scene asks.
    /// One thread at a time.
    [[nodiscard]] Result<TracePtr> evaluate(const Inputs& inputs, const TracePtr& previous = nullptr,
                                            const OpenProgress& progress = {});

    /// Whether evaluating such inputs opens and closes nothing.
    [[nodiscard]] bool isOpen(const std::string& model) const {
        return model == "toy" || (m_model && model == m_modelName);
    }

    /// What is kept of a trained model's forward pass from now on. Otherwise its size decides: everything,
    /// or, where all scores together take more than 64 MiB, the residual stream alone.
    void setRetention(Retention retention) { m_retention = retention; }
    /// Ids that were given in place of a text have the names of the vocabulary's pieces from now on, where
    /// the model's tokenizer can be read; else they are shown as numbers, and no tokenizer is read for them.
    void setNamesIds(bool names) { m_namesIds = names; }

    [[nodiscard]] const BufferPool& buffers() const { return m_buffers; }
    [[nodiscard]] DerivedCache& derivedCache() { return *m_derived; }

private:
    [[nodiscard]] Result<std::shared_ptr<const WordVectors>> wordVectors();
    /// The model that a scene names, opened if another one was open. Null where a stop was requested.
    [[nodiscard]] Result<std::shared_ptr<OpenModel>> model(const std::string& name,
                                                           const OpenProgress& progress);
    [[nodiscard]] Result<TracePtr> evaluateToy(const Inputs& inputs, const TracePtr& previous,
                                               std::stop_token stop);
    [[nodiscard]] Result<TracePtr> evaluateModel(const Inputs& inputs, const TracePtr& previous,
                                                 const OpenProgress& progress);

    BufferPool m_buffers;
    std::shared_ptr<DerivedCache> m_derived;
    std::shared_ptr<const WordVectors> m_wordVectors;
    std::shared_ptr<OpenModel> m_model;  ///< the last one that a trace came from
    std::string m_modelName;
    std::optional<Retention> m_retention;
    bool m_namesIds = false;
};

}  // namespace attn
