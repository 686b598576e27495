#!/usr/bin/python3
"""Writes tests/data/trained/NAME.json: what PyTorch makes of the shipped weights, for the test of the program's own forward pass.

    write_expected.py [NAME]...
"""
import json
import pathlib
import sys

import torch

import evaluate
import train_storyteller
import train_translator
from reader_tasks import TAUGHT_BLOCK, TAUGHT_HEAD

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "tests" / "data" / "trained"
TEXTS = {
    "reader": ["The animal didn't cross the street because it was too tired", "The animal didn't cross the street because it was too wide",
               "The fish swam in the river. The bank was<mask>."],
    "storyteller": ["Once upon a time, there was a little girl named Lily. She", "red apple green river old house red apple green river old"],
    "translator": ["Tom chases Jerry", "The dog that Tom likes sleeps in the garden every day."],
}
HEADS = {"reader": [("blocks", TAUGHT_BLOCK, TAUGHT_HEAD)],
         "storyteller": [("blocks", *train_storyteller.PREVIOUS), ("blocks", *train_storyteller.INDUCTION)],
         "translator": [("decoder.blocks", *train_translator.OWN), ("decoder.blocks", *train_translator.NEXT)]}
MOST_LIKELY = 12


def case(name, model, tokenizer, sentence):
    ids = tokenizer.encode(sentence)
    out, batch = {"text": sentence, "ids": ids}, torch.tensor([ids])
    attentions = [block.cross for block in model.decoder.blocks] if name == "translator" else model.attentions()
    for attention in attentions:
        attention.keep = True
    with torch.no_grad():
        if name == "translator":
            out["target_ids"] = [model.config["decoder_start_token_id"], *model.translate(batch)[0]]
            logits = model(batch, torch.tensor([out["target_ids"]]))[0]
        else:
            logits = model(batch)[0]
    for attention in attentions:
        attention.keep = False
    likely = torch.softmax(logits, -1).topk(MOST_LIKELY, -1)
    out["rows"] = [[[int(i), round(float(p), 6)] for p, i in zip(*row)] for row in zip(likely.values, likely.indices)]
    cross = ".cross" if name == "translator" else ""
    out["patterns"] = [{"site": f"{where}.{block}{cross}", "head": head,
                        "weights": [[round(float(w), 6) for w in row] for row in attentions[block].pattern[0, head]]}
                       for where, block, head in HEADS[name]]
    return out


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or TEXTS:
        model, tokenizer = evaluate.open_model(name)
        cases = [case(name, model, tokenizer, sentence) for sentence in TEXTS[name]]
        (FOLDER / f"{name}.json").write_text(json.dumps({"model": name, "cases": cases}, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
