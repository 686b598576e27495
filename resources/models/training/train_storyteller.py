#!/usr/bin/python3
"""Trains `storyteller`, a decoder that predicts the next token, and writes its folder.

    train_storyteller.py --run FOLDER TEXT.txt...
"""
import argparse
import json

import numpy as np
import torch

import bpe
import gpt2
import layers
import loop
import safetensors_file
import text
import text_stream
from generators import repeats

CONTEXT, WIDTH, LAYERS, HEADS, VOCABULARY = 128, 128, 4, 4, 4000
END = "<|endoftext|>"
# Plain training gave no clear head for either by then (largest mean weight on the previous token 0.20, induction 0.02), so
# from this step on two heads are taught, as (block, head).
TEACH_FROM, PREVIOUS, INDUCTION = 1000, (0, 0), (1, 0)
# Words of the program's examples: one token each, however rare.
WANTED = "Tom Jerry chases chased chase mouse queen king street bank river money animal tired wide repeats".split()


def make_tokenizer(documents):
    counts = bpe.word_counts((line for document in documents for line in document.split("\n")), True)
    counts.update({" " + word: 300 for word in WANTED})
    counts = {word: count for word, count in counts.items() if count > 2}
    return bpe.Tokenizer([END], bpe.train_merges(counts, VOCABULARY - 257), True)


def look_loss(model, head, rows, queries, keys):
    pattern = model.blocks[head[0]].attention.pattern[:, head[1]]
    return -torch.log(pattern[rows, queries, keys].float() + 1e-6).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    loop.add_options(parser, "storyteller", steps=11500, batch=16)
    parser.add_argument("--repeated", type=float, default=0.15, help="share of repeated random sequences")
    options = parser.parse_args()
    loop.start(options)
    training, held_out = text.read_documents(options.texts)
    tokenizer = make_tokenizer(training)
    ids, starts = text_stream.encode_documents(training, tokenizer, 0)
    words = repeats.fit_pieces(tokenizer)
    config = gpt2.config(len(tokenizer), WIDTH, LAYERS, HEADS, CONTEXT)
    model = gpt2.Gpt2(config, dropout=0.0)
    print(f"{len(ids)} tokens, {len(tokenizer)} pieces, {sum(p.numel() for p in model.parameters())} parameters")
    drawn = max(1, round(options.repeated * options.batch))

    def losses(random, step):
        read = text_stream.pieces(ids, starts, random, options.batch - drawn, CONTEXT + 1)
        again, first, periods = repeats.repeated(random, words, drawn, CONTEXT + 1)
        batch = torch.from_numpy(read)
        batch = torch.cat([batch, torch.from_numpy(again)])
        known = torch.ones_like(batch[:, 1:], dtype=torch.bool)
        known[-drawn:] = torch.arange(1, CONTEXT + 1)[None, :] >= torch.from_numpy(first)[:, None]
        taught = step >= TEACH_FROM
        for block, _ in (PREVIOUS, INDUCTION):
            model.blocks[block].attention.keep = taught
        with loop.mixed_precision(options):
            logits = model(batch[:, :-1])
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten(), reduction="none")
        each = each.view_as(known) * known
        story, repeat = each[:-drawn].mean(), each[-drawn:].sum() / known[-drawn:].sum()
        out = {"story": story, "repeat": repeat * options.repeated}
        if taught:
            rows, places = np.nonzero(np.arange(CONTEXT)[None, :] >= first[:, None])
            before = places - periods[rows] + 1
            out["previous"] = 0.1 * look_loss(model, PREVIOUS, slice(None), np.arange(1, CONTEXT), np.arange(CONTEXT - 1))
            out["induction"] = 0.1 * look_loss(model, INDUCTION, rows + len(read), places, before)
        return out

    summary = loop.run(model, options, losses)
    options.out.mkdir(parents=True, exist_ok=True)
    tensors = gpt2.Gpt2.join(layers.to_publish(model))
    safetensors_file.write(options.out / "model.safetensors", tensors, {"format": "pt"})
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tokenizer.write(options.out / "tokenizer.json")
    print(summary)


if __name__ == "__main__":
    main()
