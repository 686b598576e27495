#!/usr/bin/python3
"""Times a forward pass of a GPT-2 folder here and in PyTorch, in pairs, one after the other, and prints the medians and the
median ratio for each number of tokens. Both use the same weights, ids and number of threads and keep q, k, v, pattern, z
and resid_post of every block and the logits of every row.

    /usr/bin/python3 tests/bench/make_gpt2_shape.py FOLDER
    /usr/bin/python3 tests/bench/compare_torch.py build/release/bin/attention-lab FOLDER [--tokens 16,64,256,1024]

(Debian: python3-torch. Its threads would spin against OpenBLAS's: they are made to wait.)
"""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import time

if os.environ.get("OMP_WAIT_POLICY") != "passive":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OMP_WAIT_POLICY": "passive"})

import torch  # noqa: E402  (after the environment that it reads)
import torch.nn.functional as F  # noqa: E402


def weights_of(folder):
    raw = bytearray((folder / "model.safetensors").read_bytes())
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    whole = torch.frombuffer(raw, dtype=torch.uint8)
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name.removeprefix("transformer.")] = whole[begin:end].clone().view(torch.float32).view(entry["shape"])
    return tensors


def forward(config, w, ids):
    """The same tensors as the program's, by the same names, as a list that keeps them alive."""
    heads, width, rows = config["n_head"], config["n_embd"], len(ids)
    kept = []
    x = w["wte.weight"][ids] + w["wpe.weight"][:rows]
    above = torch.ones(rows, rows, dtype=torch.bool).triu(1)
    for layer in range(config["n_layer"]):
        p = f"h.{layer}."
        linear = lambda part, y: torch.addmm(w[p + part + ".bias"], y, w[p + part + ".weight"])
        norm = lambda part, y: F.layer_norm(y, (width,), w[p + part + ".weight"], w[p + part + ".bias"])
        qkv = linear("attn.c_attn", norm("ln_1", x))
        q, k, v = (t.view(rows, heads, -1).transpose(0, 1) for t in qkv.split(width, dim=1))
        scores = torch.matmul(q, k.transpose(1, 2)).mul_((width // heads) ** -0.5)
        pattern = torch.softmax(scores.masked_fill_(above, float("-inf")), dim=-1)
        z = torch.matmul(pattern, v)
        x = x + linear("attn.c_proj", z.transpose(0, 1).reshape(rows, width))
        hidden = F.gelu(linear("mlp.c_fc", norm("ln_2", x)), approximate="tanh")
        x = x + linear("mlp.c_proj", hidden)
        kept += [q, k, v, pattern, z, x]
    last = F.layer_norm(x, (width,), w["ln_f.weight"], w["ln_f.bias"])
    return kept + [last @ w.get("lm_head.weight", w["wte.weight"]).T]


def torch_seconds(config, weights, tokens, repeat):
    ids = torch.tensor([(7919 * i + 2) % config["vocab_size"] for i in range(tokens)])
    seconds = []
    with torch.inference_mode():
        forward(config, weights, ids)
        for _ in range(repeat):
            begin = time.perf_counter()
            forward(config, weights, ids)
            seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def own_seconds(program, folder, tokens, repeat):
    out = subprocess.run([program, "bench", "--model", folder, "--tokens", str(tokens), "--repeat", str(repeat)],
                         capture_output=True, check=True).stdout
    return json.loads(out)["rows"][0]["median_s"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--tokens", default="16,64,256,1024")
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--threads", type=int, default=os.cpu_count())
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    config = json.loads((given.folder / "config.json").read_text())
    weights = weights_of(given.folder)
    print(f"{'tokens':>6} {'own s':>9} {'torch s':>9} {'ratio':>6}   limit 1.0")
    for tokens in (int(t) for t in given.tokens.split(",")):
        repeat = max(3, 200 // tokens)
        own, torches, ratios = [], [], []
        for _ in range(given.pairs):
            own.append(own_seconds(given.program, str(given.folder), tokens, repeat))
            torches.append(torch_seconds(config, weights, tokens, repeat))
            ratios.append(own[-1] / torches[-1])
        print(f"{tokens:>6} {statistics.median(own):>9.4f} {statistics.median(torches):>9.4f} "
              f"{statistics.median(ratios):>6.2f}", flush=True)


main()
