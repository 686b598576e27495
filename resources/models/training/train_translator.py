#!/usr/bin/python3
"""Trains `translator`, an encoder-decoder from English to Chinese, on generated sentence pairs, and writes its folder.

    train_translator.py --run FOLDER
"""
import argparse
import json

import torch

import bart
import layers
import loop
import safetensors_file
import translator_data
import translator_measures

CONTEXT, WIDTH, LAYERS, HEADS = 64, 128, 2, 4
# Taught: the cross-attention of the first block looks where the row's own word comes from, that of the second where the
# word comes from that is to be written next.
OWN, NEXT = (0, 0), (1, 0)


def look_loss(attention, head, gold):
    n, t = torch.nonzero(gold >= 0, as_tuple=True)
    return -torch.log(attention.pattern[n, head, t, gold[n, t]].float() + 1e-6).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    loop.add_options(parser, "translator", steps=1500, batch=64)
    options = parser.parse_args()
    loop.start(options)
    tokenizer = translator_data.make_tokenizer()
    source = translator_data.Pairs(tokenizer)
    config = bart.config(len(tokenizer), WIDTH, LAYERS, HEADS, CONTEXT)
    model = bart.Bart(config, dropout=0.0)
    print(f"{len(tokenizer)} pieces, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    test = translator_data.Pairs(tokenizer).draw(loop.random_of(77, 0), 200, testing=True)
    own, following = (model.decoder.blocks[block].cross for block, _ in (OWN, NEXT))

    def losses(random, step):
        words, target, labels, of_own, of_next = map(torch.from_numpy, translator_data.arrays(source.draw(random, options.batch)))
        own.keep = following.keep = True
        with loop.mixed_precision(options):
            logits = model(words, target)
        written = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=-100)
        out = {"written": written, "own": 0.2 * look_loss(own, OWN[1], of_own), "next": 0.2 * look_loss(following, NEXT[1], of_next)}
        own.keep = following.keep = False
        return out

    def check(trained):
        return translator_measures.short(trained, test)

    summary = loop.run(model, options, losses, matrix_rate=0.01, embedding_rate=2e-3, check=check, every=500)
    options.out.mkdir(parents=True, exist_ok=True)
    safetensors_file.write(options.out / "model.safetensors", layers.to_publish(model), {"format": "pt"})
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tokenizer.write(options.out / "tokenizer.json")
    print(summary)


if __name__ == "__main__":
    main()
