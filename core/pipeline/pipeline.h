#pragma once
/// Scene in, Trace out; what did not change is taken from the previous Trace.

#include "core/base/error.h"
#include "core/scene/scene.h"
#include "core/tensor/buffer_pool.h"
#include "core/text/word_vectors.h"
#include "core/trace/trace.h"

#include <memory>
#include <stop_token>

namespace attn {

/// What evaluations share: buffers and loaded assets. Owned by whoever owns the worker.
class Pipeline {
public:
    Pipeline();
    ~Pipeline();

    /// The trace of a scene's inputs. `previous` is the cache: a stage whose key is unchanged hands on the
    /// very same objects, so that a view knows by comparing pointers that it need not repaint.
    ///
    /// Null when a stop was requested (checked between heads). An error only where an asset cannot be read or
    /// the model is unknown. One thread at a time.
    [[nodiscard]] Result<TracePtr> evaluate(const Inputs& inputs, const TracePtr& previous = nullptr,
                                            std::stop_token stop = {});

    [[nodiscard]] const BufferPool& buffers() const { return m_buffers; }

private:
    [[nodiscard]] Result<std::shared_ptr<const WordVectors>> wordVectors();

    BufferPool m_buffers;
    std::shared_ptr<DerivedCache> m_derived;
    std::shared_ptr<const WordVectors> m_wordVectors;
};

}  // namespace attn
