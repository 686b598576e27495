#include "core/model/weight_names.h"

#include <algorithm>
#include <cassert>

namespace attn {
namespace {

// Built member by member: a row of thirty strings would tell nobody which is which.

WeightNames gpt2() {
    WeightNames n{};
    n.family = "gpt2";
    n.prefixes = {"", "transformer."};
    n.tokens = "wte";
    n.positions = "wpe";
    n.finalNorm = "ln_f";
    n.attentionNorm = "h.{}.ln_1";
    n.qkv = "h.{}.attn.c_attn";
    n.o = "h.{}.attn.c_proj";
    n.mlpNorm = "h.{}.ln_2";
    n.up = "h.{}.mlp.c_fc";
    n.down = "h.{}.mlp.c_proj";
    n.inputsByRows = true;
    n.headOutput = "lm_head";
    n.buffers = {"h.{}.attn.bias", "h.{}.attn.masked_bias"};
    return n;
}

WeightNames bert() {
    WeightNames n{};
    n.family = "bert";
    n.prefixes = {"", "bert."};
    n.tokens = "embeddings.word_embeddings";
    n.positions = "embeddings.position_embeddings";
    n.types = "embeddings.token_type_embeddings";
    n.embeddingsNorm = "embeddings.LayerNorm";
    n.q = "encoder.layer.{}.attention.self.query";
    n.k = "encoder.layer.{}.attention.self.key";
    n.v = "encoder.layer.{}.attention.self.value";
    n.o = "encoder.layer.{}.attention.output.dense";
    n.attentionNorm = "encoder.layer.{}.attention.output.LayerNorm";
    n.up = "encoder.layer.{}.intermediate.dense";
    n.down = "encoder.layer.{}.output.dense";
    n.mlpNorm = "encoder.layer.{}.output.LayerNorm";
    n.headTransform = "cls.predictions.transform.dense";
    n.headNorm = "cls.predictions.transform.LayerNorm";
    n.headOutput = "cls.predictions.decoder";
    n.headBias = "cls.predictions.bias";
    n.buffers = {"embeddings.position_ids", "embeddings.token_type_ids"};
    return n;
}

WeightNames roberta(const char* family) {
    WeightNames n = bert();
    n.family = family;
    n.prefixes = {"", "roberta."};
    n.headTransform = "lm_head.dense";
    n.headNorm = "lm_head.layer_norm";
    n.headOutput = "lm_head.decoder";
    n.headBias = "lm_head.bias";
    return n;
}

WeightNames distilbert() {
    WeightNames n{};
    n.family = "distilbert";
    n.prefixes = {"", "distilbert."};
    n.tokens = "embeddings.word_embeddings";
    n.positions = "embeddings.position_embeddings";
    n.embeddingsNorm = "embeddings.LayerNorm";
    n.q = "transformer.layer.{}.attention.q_lin";
    n.k = "transformer.layer.{}.attention.k_lin";
    n.v = "transformer.layer.{}.attention.v_lin";
    n.o = "transformer.layer.{}.attention.out_lin";
    n.attentionNorm = "transformer.layer.{}.sa_layer_norm";
    n.up = "transformer.layer.{}.ffn.lin1";
    n.down = "transformer.layer.{}.ffn.lin2";
    n.mlpNorm = "transformer.layer.{}.output_layer_norm";
    n.headTransform = "vocab_transform";
    n.headNorm = "vocab_layer_norm";
    n.headOutput = "vocab_projector";
    n.headBias = "vocab_projector.bias";
    n.buffers = {"embeddings.position_ids"};
    return n;
}

WeightNames llama(const char* family) {
    WeightNames n{};
    n.family = family;
    n.prefixes = {"", "model."};
    n.tokens = "embed_tokens";
    n.finalNorm = "norm";
    n.attentionNorm = "layers.{}.input_layernorm";
    n.q = "layers.{}.self_attn.q_proj";
    n.k = "layers.{}.self_attn.k_proj";
    n.v = "layers.{}.self_attn.v_proj";
    n.o = "layers.{}.self_attn.o_proj";
    n.qNorm = "layers.{}.self_attn.q_norm";
    n.kNorm = "layers.{}.self_attn.k_norm";
    n.mlpNorm = "layers.{}.post_attention_layernorm";
    n.up = "layers.{}.mlp.up_proj";
    n.gate = "layers.{}.mlp.gate_proj";
    n.down = "layers.{}.mlp.down_proj";
    n.headOutput = "lm_head";
    n.buffers = {"layers.{}.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq"};
    return n;
}

WeightNames bart() {
    WeightNames n{};
    n.family = "bart";
    n.prefixes = {"", "model."};
    n.tokens = "shared";
    n.tokensToo = {"encoder.embed_tokens", "decoder.embed_tokens"};
    n.encoderStack = "encoder.";
    n.decoderStack = "decoder.";
    n.positions = "embed_positions";
    n.embeddingsNorm = "layernorm_embedding";
    n.attentionNorm = "layers.{}.self_attn_layer_norm";
    n.q = "layers.{}.self_attn.q_proj";
    n.k = "layers.{}.self_attn.k_proj";
    n.v = "layers.{}.self_attn.v_proj";
    n.o = "layers.{}.self_attn.out_proj";
    n.crossNorm = "layers.{}.encoder_attn_layer_norm";
    n.crossQ = "layers.{}.encoder_attn.q_proj";
    n.crossK = "layers.{}.encoder_attn.k_proj";
    n.crossV = "layers.{}.encoder_attn.v_proj";
    n.crossO = "layers.{}.encoder_attn.out_proj";
    n.up = "layers.{}.fc1";
    n.down = "layers.{}.fc2";
    n.mlpNorm = "layers.{}.final_layer_norm";
    n.headOutput = "lm_head";
    n.headBias = "final_logits_bias";
    n.headBiasOptional = true;
    return n;
}

}  // namespace

const WeightNames& weightNames(std::string_view family) {
    static const std::array<WeightNames, 11> table{
        gpt2(),         bert(),           roberta("roberta"), roberta("xlm-roberta"), distilbert(),
        llama("llama"), llama("mistral"), llama("qwen2"),     llama("qwen3"),         llama("smollm3"),
        bart()};
    const auto* const found =
        std::find_if(table.begin(), table.end(), [&](const WeightNames& n) { return family == n.family; });
    assert(found != table.end());
    return *found;
}

}  // namespace attn
