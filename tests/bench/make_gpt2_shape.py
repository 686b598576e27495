#!/usr/bin/python3
"""Writes a folder with a model of GPT-2 small's shape (12 layers, 768 wide, 12 heads, vocabulary 50,257) and
random float32 weights: 498 MB for `attention-lab bench --model FOLDER`.

    /usr/bin/python3 tests/bench/make_gpt2_shape.py FOLDER            (Debian: python3-numpy)
"""
import json
import pathlib
import struct
import sys

import numpy as np

LAYERS, WIDTH, HEADS, VOCABULARY, CONTEXT = 12, 768, 12, 50257, 1024


def shapes():
    yield "wte.weight", (VOCABULARY, WIDTH)
    yield "wpe.weight", (CONTEXT, WIDTH)
    for layer in range(LAYERS):
        p = f"h.{layer}."
        for name, shape in (("ln_1", (WIDTH,)), ("ln_2", (WIDTH,))):
            yield p + name + ".weight", shape
            yield p + name + ".bias", shape
        for name, inputs, outputs in (("attn.c_attn", WIDTH, 3 * WIDTH), ("attn.c_proj", WIDTH, WIDTH),
                                      ("mlp.c_fc", WIDTH, 4 * WIDTH), ("mlp.c_proj", 4 * WIDTH, WIDTH)):
            yield p + name + ".weight", (inputs, outputs)
            yield p + name + ".bias", (outputs,)
    yield "ln_f.weight", (WIDTH,)
    yield "ln_f.bias", (WIDTH,)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    header, at = {}, 0
    for name, shape in shapes():
        size = 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    random = np.random.default_rng(1)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes():
            values = random.standard_normal(shape, dtype=np.float32) * np.float32(0.02)
            if ".ln_" in name or name.startswith("ln_f"):
                values += np.float32(name.endswith("weight"))
            file.write(values.tobytes())
    config = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": LAYERS, "n_embd": WIDTH,
              "n_head": HEADS, "n_positions": CONTEXT, "vocab_size": VOCABULARY,
              "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(pathlib.Path(sys.argv[1]))
