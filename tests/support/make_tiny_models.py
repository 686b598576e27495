#!/usr/bin/python3
"""Writes tests/data/models: one tiny random model of each family, in the layout in which such models are
published, and every intermediate of its forward pass in float64, worked here a second time in NumPy.

Needed only to make them anew:  /usr/bin/python3 tests/support/make_tiny_models.py   (Debian: python3-numpy)
"""
import json
import math
import pathlib
import struct

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "models"
LAYERS, WIDTH, HEADS, VOCABULARY, HIDDEN = 2, 12, 4, 17, 20


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Weights:
    """Draws weights under their published names; what is read is what float32 keeps of them."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}

    def draw(self, name, *shape, mean=0.0, spread=0.3):
        values = (mean + spread * self.random.standard_normal(shape)).astype("<f4")
        self.tensors[name] = values
        return values.astype(np.float64)

    def linear(self, name, inputs, outputs, bias):
        """Stored outputs × inputs; returned as a function."""
        matrix = self.draw(name + ".weight", outputs, inputs)
        offset = self.draw(name + ".bias", outputs) if bias else 0.0
        return lambda x: x @ matrix.T + offset

    def conv1d(self, name, inputs, outputs):
        matrix = self.draw(name + ".weight", inputs, outputs)
        offset = self.draw(name + ".bias", outputs)
        return lambda x: x @ matrix + offset

    def layer_norm(self, name, epsilon, gain="weight", bias="bias", width=WIDTH):
        g = self.draw(f"{name}.{gain}", width, mean=1.0)
        b = self.draw(f"{name}.{bias}", width)

        def apply(x):
            centred = x - x.mean(-1, keepdims=True)
            return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon) * g + b

        return apply

    def rms_norm(self, name, epsilon, width=WIDTH):
        g = self.draw(name + ".weight", width, mean=1.0)
        return lambda x: x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * g


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def silu(x):
    return x / (1 + np.exp(-x))


def attention(out, site, q, k, v, allowed, scale):
    """q: H × T × d; k and v with fewer heads are shared. Writes pattern and z; returns the heads side by side."""
    share = q.shape[0] // k.shape[0]
    keys, values = np.repeat(k, share, axis=0), np.repeat(v, share, axis=0)
    scores = np.einsum("hid,hjd->hij", q, keys) * scale
    scores = np.where(allowed, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    pattern = weights / weights.sum(-1, keepdims=True)
    z = pattern @ values
    for name, value in (("q", q), ("k", k), ("v", v), ("pattern", pattern), ("z", z)):
        out[f"{site}.{name}"] = value
    return z.transpose(1, 0, 2).reshape(q.shape[1], -1)


def heads_of(x, heads):
    return x.reshape(x.shape[0], heads, -1).transpose(1, 0, 2)


def causal(length, window=None):
    i, j = np.indices((length, length))
    return (j <= i) & ((i - j < window) if window else True)


def finish(name, config, weights, ids, out, segments=None, target=None):
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    inputs = {"ids": ids, "segments": segments or [], **({"generated": target} if target else {})}
    (folder / "inputs.json").write_text(json.dumps(inputs) + "\n")
    names = list(weights.tensors)
    weights.random.shuffle(names)  # the order in a file means nothing
    write_safetensors(folder / "model.safetensors", {n: weights.tensors[n] for n in names})
    write_safetensors(folder / "expected.safetensors", out)


def gpt2(name, seed, prefix, tied, by_layer, activation):
    w, out, ids = Weights(seed), {}, [3, 1, 4, 1, 5, 9]
    wte, wpe = w.draw(prefix + "wte.weight", VOCABULARY, WIDTH), w.draw(prefix + "wpe.weight", 16, WIDTH)
    out["token_embed"], out["pos_embed"] = wte[ids], wpe[: len(ids)]
    x = out["embed"] = wte[ids] + wpe[: len(ids)]
    act = gelu if activation == "gelu" else gelu_tanh
    for layer in range(LAYERS):
        site, p = f"blocks.{layer}", f"{prefix}h.{layer}."
        out[f"{site}.resid_pre"] = x
        norm1 = w.layer_norm(p + "ln_1", 1e-5)
        q, k, v = np.split(w.conv1d(p + "attn.c_attn", WIDTH, 3 * WIDTH)(norm1(x)), 3, axis=-1)
        scale = 1 / math.sqrt(WIDTH // HEADS) / ((layer + 1) if by_layer else 1)
        z = attention(out, site, *(heads_of(t, HEADS) for t in (q, k, v)), causal(len(ids)), scale)
        attn_out = out[f"{site}.attn_out"] = w.conv1d(p + "attn.c_proj", WIDTH, WIDTH)(z)
        norm2 = w.layer_norm(p + "ln_2", 1e-5)
        hidden = act(w.conv1d(p + "mlp.c_fc", WIDTH, 4 * WIDTH)(norm2(x + attn_out)))
        mlp_out = out[f"{site}.mlp_out"] = w.conv1d(p + "mlp.c_proj", 4 * WIDTH, WIDTH)(hidden)
        x = out[f"{site}.resid_post"] = x + attn_out + mlp_out
    last = w.layer_norm(prefix + "ln_f", 1e-5)(x)
    head = wte if tied else w.draw("lm_head.weight", VOCABULARY, WIDTH)
    out["logits"] = last @ head.T
    config = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": WIDTH, "n_layer": LAYERS,
              "n_head": HEADS, "n_positions": 16, "n_inner": None, "vocab_size": VOCABULARY,
              "activation_function": activation, "layer_norm_epsilon": 1e-5, "tie_word_embeddings": tied,
              "scale_attn_by_inverse_layer_idx": by_layer}
    finish(name, config, w, ids, out)


BERT = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "o": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
        "down": "output.dense", "norm2": "output.LayerNorm"}
DISTILBERT = {"q": "attention.q_lin", "k": "attention.k_lin", "v": "attention.v_lin", "o": "attention.out_lin",
              "norm1": "sa_layer_norm", "up": "ffn.lin1", "down": "ffn.lin2", "norm2": "output_layer_norm"}


def encoder(name, seed, config, prefix, layer_name, parts, types, padding, epsilon, head, old_names=False):
    w, out = Weights(seed), {}
    ids = [2, 7, 1, 8, 1, 3] if padding is not None else [2, 7, 1, 8, 2, 8]
    gain, bias = ("gamma", "beta") if old_names else ("weight", "bias")
    norm = lambda n: w.layer_norm(n, epsilon, gain, bias)
    rows = 16 if padding is None else 16 + padding + 1
    tokens = w.draw(prefix + "embeddings.word_embeddings.weight", VOCABULARY, WIDTH)
    table = w.draw(prefix + "embeddings.position_embeddings.weight", rows, WIDTH)
    if padding is None:
        places = list(range(len(ids)))
    else:
        places, seen = [], 0
        for i in ids:
            seen += i != padding
            places.append(seen + padding if i != padding else padding)
    out["token_embed"], out["pos_embed"] = tokens[ids], table[places]
    x = tokens[ids] + table[places]
    segments = None
    if types:
        segments = [0, 0, 1, 1, 1, 1] if types > 1 else None
        x = x + w.draw(prefix + "embeddings.token_type_embeddings.weight", types, WIDTH)[segments or [0] * len(ids)]
    x = out["embed"] = norm(prefix + "embeddings.LayerNorm")(x)
    for layer in range(LAYERS):
        site = f"blocks.{layer}"
        n = {key: f"{prefix}{layer_name}.{layer}.{part}" for key, part in parts.items()}
        out[f"{site}.resid_pre"] = x
        q, k, v = (heads_of(w.linear(n[t], WIDTH, WIDTH, True)(x), HEADS) for t in "qkv")
        z = attention(out, site, q, k, v, np.ones((len(ids),) * 2, bool), 1 / math.sqrt(WIDTH // HEADS))
        attn_out = out[f"{site}.attn_out"] = w.linear(n["o"], WIDTH, WIDTH, True)(z)
        middle = norm(n["norm1"])(x + attn_out)
        hidden = gelu(w.linear(n["up"], WIDTH, HIDDEN, True)(middle))
        mlp_out = out[f"{site}.mlp_out"] = w.linear(n["down"], HIDDEN, WIDTH, True)(hidden)
        x = out[f"{site}.resid_post"] = norm(n["norm2"])(middle + mlp_out)
    if head:
        transform, head_norm, bias_name = head
        hidden = norm(head_norm)(gelu(w.linear(transform, WIDTH, WIDTH, True)(x)))
        out["logits"] = hidden @ tokens.T + w.draw(bias_name, VOCABULARY)
    finish(name, config, w, ids, out, segments)


def rotate(x, frequencies):
    angles = np.arange(x.shape[1])[:, None] * frequencies[None, :]
    a, b = np.split(x, 2, axis=-1)
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), a * np.sin(angles) + b * np.cos(angles)], -1)


def scaled(frequencies, scaling):
    kind = scaling and scaling["rope_type"]
    if kind == "linear":
        return frequencies / scaling["factor"]
    if kind != "llama3":
        return frequencies
    out = []
    for f in frequencies:
        wavelength = 2 * math.pi / f
        original = scaling["original_max_position_embeddings"]
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        if wavelength < original / high:
            out.append(f)
        elif wavelength > original / low:
            out.append(f / scaling["factor"])
        else:
            smooth = (original / wavelength - low) / (high - low)
            out.append((1 - smooth) * f / scaling["factor"] + smooth * f)
    return np.array(out)


def llama(name, seed, family, class_name, kv_heads, tied, qkv_bias=False, out_bias=False, mlp_bias=False,
          window=None, sliding_from=0, d_head=None, qk_norm=False, scaling=None, prefix="model.", head=True,
          unrotated=(), extra=None):
    w, out, ids = Weights(seed), {}, [3, 1, 4, 1, 5, 9, 2]
    d = d_head or WIDTH // HEADS
    theta, epsilon = 100.0, 1e-5
    tokens = w.draw(prefix + "embed_tokens.weight", VOCABULARY, WIDTH)
    x = out["token_embed"] = out["embed"] = tokens[ids]
    out["pos_embed"] = np.zeros_like(x)
    frequencies = scaled(theta ** (-np.arange(0, d, 2) / d), scaling)
    for layer in range(LAYERS):
        site, p = f"blocks.{layer}", f"{prefix}layers.{layer}."
        out[f"{site}.resid_pre"] = x
        normed = w.rms_norm(p + "input_layernorm", epsilon)(x)
        q = heads_of(w.linear(p + "self_attn.q_proj", WIDTH, HEADS * d, qkv_bias)(normed), HEADS)
        k = heads_of(w.linear(p + "self_attn.k_proj", WIDTH, kv_heads * d, qkv_bias)(normed), kv_heads)
        v = heads_of(w.linear(p + "self_attn.v_proj", WIDTH, kv_heads * d, qkv_bias)(normed), kv_heads)
        if qk_norm or layer not in unrotated:
            out[f"{site}.q_proj"], out[f"{site}.k_proj"] = q, k
        if qk_norm:
            q = w.rms_norm(p + "self_attn.q_norm", epsilon, d)(q)
            k = w.rms_norm(p + "self_attn.k_norm", epsilon, d)(k)
        slides = window if window and layer >= sliding_from else None
        if layer not in unrotated:
            q, k = rotate(q, frequencies), rotate(k, frequencies)
        z = attention(out, site, q, k, v, causal(len(ids), slides), 1 / math.sqrt(d))
        attn_out = out[f"{site}.attn_out"] = w.linear(p + "self_attn.o_proj", HEADS * d, WIDTH, out_bias)(z)
        normed = w.rms_norm(p + "post_attention_layernorm", epsilon)(x + attn_out)
        up = w.linear(p + "mlp.up_proj", WIDTH, HIDDEN, mlp_bias)(normed)
        gate = silu(w.linear(p + "mlp.gate_proj", WIDTH, HIDDEN, mlp_bias)(normed))
        mlp_out = out[f"{site}.mlp_out"] = w.linear(p + "mlp.down_proj", HIDDEN, WIDTH, mlp_bias)(gate * up)
        x = out[f"{site}.resid_post"] = x + attn_out + mlp_out
    last = w.rms_norm(prefix + "norm", epsilon)(x)
    if head:
        out["logits"] = last @ (tokens if tied else w.draw("lm_head.weight", VOCABULARY, WIDTH)).T
    config = {"model_type": family, "architectures": [class_name], "hidden_size": WIDTH,
              "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": kv_heads,
              "intermediate_size": HIDDEN, "vocab_size": VOCABULARY, "max_position_embeddings": 32,
              "rms_norm_eps": epsilon, "rope_theta": theta, "hidden_act": "silu", "tie_word_embeddings": tied,
              "rope_scaling": scaling, **({"head_dim": d_head} if d_head else {}), **(extra or {})}
    finish(name, config, w, ids, out)


def bart(name, seed, end, encoder_heads, decoder_layers, scaled, forced, bias, activation):
    """The target is what the model writes by itself: greedily, until it ends or has 3·source + 32 tokens."""
    w, prefix, ids, start = Weights(seed), "model.", [0, 5, 9, 3, 11, 2], 2
    shared = w.draw(prefix + "shared.weight", VOCABULARY, WIDTH)
    act = gelu if activation == "gelu" else lambda x: np.maximum(x, 0)

    def block(stack, layer, cross):
        p = f"{prefix}{stack}.layers.{layer}."
        heads = lambda part: {t: w.linear(f"{p}{part}.{t}_proj", WIDTH, WIDTH, True) for t in ("q", "k", "v", "out")}
        return {"self": heads("self_attn"), "self_norm": w.layer_norm(p + "self_attn_layer_norm", 1e-5),
                "cross": cross and heads("encoder_attn"),
                "cross_norm": cross and w.layer_norm(p + "encoder_attn_layer_norm", 1e-5),
                "up": w.linear(p + "fc1", WIDTH, HIDDEN, True), "down": w.linear(p + "fc2", HIDDEN, WIDTH, True),
                "norm": w.layer_norm(p + "final_layer_norm", 1e-5)}

    def embeddings(stack):
        table = w.draw(f"{prefix}{stack}.embed_positions.weight", 26, WIDTH)
        return table, w.layer_norm(f"{prefix}{stack}.layernorm_embedding", 1e-5)

    encoder, decoder = embeddings("encoder"), embeddings("decoder")
    encoder_blocks = [block("encoder", layer, False) for layer in range(LAYERS)]
    decoder_blocks = [block("decoder", layer, True) for layer in range(decoder_layers)]
    offset = w.draw("final_logits_bias", 1, VOCABULARY) if bias else 0.0

    def attend(out, site, b, x, memory, heads, allowed):
        q, k, v = (heads_of(b[t](y), heads) for t, y in (("q", x), ("k", memory), ("v", memory)))
        z = attention(out, site, q, k, v, allowed, 1 / math.sqrt(WIDTH // heads))
        out[f"{site}.attn_out"] = b["out"](z)
        return out[f"{site}.attn_out"]

    def run(out, scope, stack, tokens, embedding, blocks, heads, memory):
        table, norm = embedding
        out[scope + "token_embed"] = shared[tokens] * (math.sqrt(WIDTH) if scaled else 1)
        out[scope + "pos_embed"] = table[2 : 2 + len(tokens)]
        x = out[scope + "embed"] = norm(out[scope + "token_embed"] + out[scope + "pos_embed"])
        for layer, b in enumerate(blocks):
            site = f"{stack}.blocks.{layer}"
            out[f"{site}.resid_pre"] = x
            own = causal(len(tokens)) if memory is not None else np.ones((len(tokens),) * 2, bool)
            x = b["self_norm"](x + attend(out, site, b["self"], x, x, heads, own))
            if memory is not None:
                out[f"{site}.cross.resid_pre"] = x
                every = np.ones((len(tokens), len(memory)), bool)
                x = b["cross_norm"](x + attend(out, f"{site}.cross", b["cross"], x, memory, heads, every))
                out[f"{site}.cross.resid_post"] = x
            out[f"{site}.mlp_out"] = b["down"](act(b["up"](x)))
            x = out[f"{site}.resid_post"] = b["norm"](x + out[f"{site}.mlp_out"])
        return x

    out = {}
    memory = run(out, "", "encoder", ids, encoder, encoder_blocks, encoder_heads, None)
    target = [start] + ([forced] if forced is not None else [])
    while True:
        of_decoder = {}
        last = run(of_decoder, "target.", "decoder", target, decoder, decoder_blocks, HEADS, memory)
        of_decoder["logits"] = last @ shared.T + offset
        best = int(of_decoder["logits"][-1].argmax())
        if best == end or len(target) == min(24, 3 * len(ids) + 32):
            break
        target.append(best)
    config = {"model_type": "bart", "architectures": ["BartForConditionalGeneration"],
              "d_model": WIDTH, "encoder_layers": LAYERS, "decoder_layers": decoder_layers,
              "encoder_attention_heads": encoder_heads, "decoder_attention_heads": HEADS, "encoder_ffn_dim": HIDDEN,
              "decoder_ffn_dim": HIDDEN, "vocab_size": VOCABULARY, "max_position_embeddings": 24,
              "activation_function": activation, "scale_embedding": scaled, "decoder_start_token_id": start,
              "eos_token_id": end, "forced_bos_token_id": forced, "forced_eos_token_id": 2}
    out.update(of_decoder)
    finish(name, config, w, ids, out, target=target)


def main():
    gpt2("gpt2-untied", 1, "transformer.", tied=False, by_layer=True, activation="gelu_new")
    gpt2("cerebras-gpt", 2, "transformer.", tied=True, by_layer=False, activation="gelu")
    sizes = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
             "intermediate_size": HIDDEN, "vocab_size": VOCABULARY, "hidden_act": "gelu"}
    encoder("bert-masked", 3, {"model_type": "bert", "architectures": ["BertForMaskedLM"], **sizes,
                               "max_position_embeddings": 16, "type_vocab_size": 2, "layer_norm_eps": 1e-12},
            "bert.", "encoder.layer", BERT, 2, None, 1e-12,
            ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
            old_names=True)
    encoder("roberta-masked", 4, {"model_type": "roberta", "architectures": ["RobertaForMaskedLM"], **sizes,
                                  "max_position_embeddings": 18, "type_vocab_size": 1, "pad_token_id": 1,
                                  "layer_norm_eps": 1e-5},
            "roberta.", "encoder.layer", BERT, 1, 1, 1e-5, ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"))
    encoder("xlm-roberta-base", 5, {"model_type": "xlm-roberta", "architectures": ["XLMRobertaModel"], **sizes,
                                    "max_position_embeddings": 18, "type_vocab_size": 1, "pad_token_id": 1,
                                    "layer_norm_eps": 1e-5},
            "", "encoder.layer", BERT, 1, 1, 1e-5, None)
    encoder("distilbert-masked", 6, {"model_type": "distilbert", "architectures": ["DistilBertForMaskedLM"],
                                     "dim": WIDTH, "n_layers": LAYERS, "n_heads": HEADS, "hidden_dim": HIDDEN,
                                     "vocab_size": VOCABULARY, "max_position_embeddings": 16, "activation": "gelu"},
            "distilbert.", "transformer.layer", DISTILBERT, 0, None, 1e-12,
            ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias"))
    llama("llama3", 7, "llama", "LlamaForCausalLM", 2, tied=False, d_head=6,
          scaling={"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                   "original_max_position_embeddings": 16})
    llama("llama-linear", 8, "llama", "LlamaForCausalLM", 4, tied=True, d_head=4, qkv_bias=True, out_bias=True,
          mlp_bias=True, scaling={"rope_type": "linear", "factor": 2.0},
          extra={"attention_bias": True, "mlp_bias": True})
    llama("mistral", 9, "mistral", "MistralForCausalLM", 2, tied=False, d_head=4, window=3,
          extra={"sliding_window": 3})
    llama("qwen2", 10, "qwen2", "Qwen2ForCausalLM", 2, tied=True, d_head=4, qkv_bias=True, window=2,
          sliding_from=1, extra={"use_sliding_window": True, "sliding_window": 2, "max_window_layers": 1})
    llama("qwen3", 11, "qwen3", "Qwen3ForCausalLM", 1, tied=True, d_head=8, qk_norm=True,
          extra={"use_sliding_window": False, "sliding_window": None})
    llama("smollm3", 13, "smollm3", "SmolLM3ForCausalLM", 2, tied=True, d_head=4, window=3, sliding_from=1,
          unrotated=(1,), extra={"use_sliding_window": True, "sliding_window": 3, "no_rope_layers": [1, 0]})
    llama("llama-base", 12, "llama", "LlamaModel", 2, tied=False, d_head=4, prefix="", head=False)
    bart("bart", 298, end=6, encoder_heads=4, decoder_layers=2, scaled=True, forced=None, bias=True,
         activation="gelu")
    bart("bart-forced", 81, end=2, encoder_heads=2, decoder_layers=3, scaled=False, forced=0, bias=False,
         activation="relu")


main()
