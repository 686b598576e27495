#!/usr/bin/python3
"""Measures the models as they are shipped, prints the figures and writes them into their cards.

    evaluate.py [--model NAME]... TEXT.txt...

The texts are those of the training: what was held out of them is known by the text itself. `translator` needs none.
Everything is seeded: the same models and texts give the same figures.
"""
import argparse
import json
import pathlib

import numpy as np
import torch

import bart
import bpe
import gpt2
import kneser_ney
import layers
import reader_measures
import reader_tasks
import roberta
import safetensors_file
import storyteller_measures
import teaching
import text
import text_stream
import train_storyteller
import train_translator
import translator_data
import translator_measures
from generators import agreement, homographs, repeats

MODELS = pathlib.Path(__file__).resolve().parent.parent
KINDS = {"storyteller": gpt2.Gpt2, "reader": roberta.Roberta, "translator": bart.Bart}
BEGIN, END = "<!-- measured by training/evaluate.py -->", "<!-- end of what was measured -->"


def open_model(name):
    folder = MODELS / name
    model = KINDS[name](json.loads((folder / "config.json").read_text()))
    tensors = safetensors_file.read(folder / "model.safetensors")
    layers.load_published(model, gpt2.Gpt2.part(tensors) if name == "storyteller" else tensors)
    model.eval()
    return model, bpe.read(folder / "tokenizer.json")


def percent(share):
    return f"{100 * share:.1f} %"


def best_head(weights):
    return tuple(int(i) for i in np.unravel_index(weights.argmax(), weights.shape))


def evaluate_storyteller(texts):
    model, tokenizer = open_model("storyteller")
    training, held_out = text.read_documents(texts)
    context = model.config["n_positions"]
    ids, _ = text_stream.encode_documents(training, tokenizer, 0)
    test, starts = text_stream.encode_documents(held_out, tokenizer, 0)
    baseline = kneser_ney.KneserNey(ids, len(tokenizer)).perplexity(test)
    own = storyteller_measures.perplexity(model, test, context)
    previous = storyteller_measures.previous_heads(model, test, starts, context)
    done, induction = storyteller_measures.repeated_twice(model, repeats.fit_pieces(tokenizer), context)
    rows = [("perplexity on held-out text", f"{own:.2f}", "", None),
            ("interpolated Kneser-Ney 3-gram of the same tokens", f"{baseline:.2f}", "", None),
            ("ratio of the two", f"{own / baseline:.3f}", "≤ 0.6", own / baseline <= 0.6)]
    for label, weights, head, least in (("on the previous token", previous, train_storyteller.PREVIOUS, 0.5),
                                        ("on the token after the last occurrence", induction, train_storyteller.INDUCTION, 0.4)):
        rows.append((f"mean weight {label}, blocks.{head[0]} head {head[1]} (taught)", f"{weights[head]:.3f}", f"≥ {least}", bool(weights[head] >= least)))
        untaught = weights.copy()
        untaught[train_storyteller.PREVIOUS] = untaught[train_storyteller.INDUCTION] = -1
        best = best_head(untaught)
        rows.append((f"largest of the heads that were not taught: blocks.{best[0]} head {best[1]}", f"{weights[best]:.3f}", "", None))
    rows.append(("second half of a repeated random sequence written right", percent(done), "≥ 90 %", done >= 0.9))
    note = f"{len(test):,} held-out tokens; 200 random sequences of 8 to {context // 2} words, each given twice."
    return rows, note


def accuracy_rows(model, tokenizer, items, label, limit):
    """Resolution and weights of the taught head over pairs of Items."""
    block, head = reader_tasks.TAUGHT_BLOCK, reader_tasks.TAUGHT_HEAD
    rows, pairs = [], len(items) // 2
    for masked, form in ((False, "at “it”"), (True, "at “the <mask>” in its place")):
        both = reader_measures.both(reader_measures.resolved(model, tokenizer, items, masked))
        rows.append((f"{label} ({pairs} pairs): right noun {form}, both members", percent(both), f"≥ {limit} %", both >= limit / 100))
    named = reader_measures.resolved(model, tokenizer, items, False, named=True).mean()
    rows.append((f"{label}: right noun at “it” named outright, before all other pieces, single sentences", percent(named), "", None))
    weights = reader_measures.looked(model, tokenizer, items, block, head)
    both = reader_measures.both(weights[:, 0] > weights[:, 1])
    rows.append((f"{label}: head blocks.{block} head {head} gives the right noun more than the other, both members", percent(both),
                 f"≥ {limit} %", both >= limit / 100))
    rows.append((f"{label}: its mean weights on the right noun and on the other", f"{weights[:, 0].mean():.2f}, {weights[:, 1].mean():.2f}", "", None))
    return rows


def ablation_rows(model, tokenizer, items):
    rows = []
    single = "single sentences", lambda flags: float(flags.mean())
    members = "both members", reader_measures.both
    for masked, named, form, (counted, share) in (
            (False, False, "right noun of the two at “it”", members), (False, False, "right noun of the two at “it”", single),
            (True, False, "right noun of the two at the mask", members), (True, False, "right noun of the two at the mask", single),
            (False, True, "right noun named outright at “it”", single)):
        whole = share(reader_measures.resolved(model, tokenizer, items, masked, named))
        with reader_measures.without(model, reader_tasks.TAUGHT_BLOCK, reader_tasks.TAUGHT_HEAD):
            without = share(reader_measures.resolved(model, tokenizer, items, masked, named))
        rows.append((f"{form}, {counted}, with the head and with its output set to zero",
                     f"{percent(whole)}, {percent(without)}", "20 points apart", bool(whole - without >= 0.2)))
    return rows


def evaluate_reader(texts):
    model, tokenizer = open_model("reader")
    training, held_out = text.read_documents(texts)
    ids, _ = text_stream.encode_documents(training, tokenizer, teaching.END)
    test, _ = text_stream.encode_documents(held_out, tokenizer, teaching.END)
    baseline = kneser_ney.KneserNey(ids, len(tokenizer))
    mine, theirs, number = reader_measures.masked_accuracy(model, baseline, test)
    rows = [(f"masked tokens of held-out text named ({number:,} of them)", percent(mine), "", None),
            ("the same by interpolated Kneser-Ney 3-grams from two neighbours on each side", percent(theirs), "", None)]
    known = reader_measures.coreference_members(1000, 31, False)
    new = reader_measures.coreference_members(1000, 32, True)
    rows += accuracy_rows(model, tokenizer, known, "held-out pairs of nouns", 90)
    rows += accuracy_rows(model, tokenizer, new, "held-out nouns in held-out templates", 90)
    rows += accuracy_rows(model, tokenizer, reader_measures.handwritten(), "written by hand", 70)
    rows += ablation_rows(model, tokenizer, known + new)
    rows.append(("homographs: what is true of the right meaning, from a held-out clue", percent(reader_measures.homograph_accuracy(model, tokenizer)), "", None))
    rows.append(("agreement past a noun of the other number, held-out pairs", percent(reader_measures.agreement_accuracy(model, tokenizer)), "", None))
    random = np.random.default_rng(33)
    for label, items, asked, wanted in (
            ("from a masked verb on its subject", [agreement.item(random, True) for _ in range(200)], "verb", "subject"),
            ("from a homograph on its clue", [homographs.item(random, True) for _ in range(200)], "word", "clue")):
        weights = reader_measures.search_heads(model, tokenizer, items, asked, wanted, asked == "verb")
        best = best_head(weights)
        rows.append((f"largest mean weight {label}: blocks.{best[0]} head {best[1]}", f"{weights[best]:.2f}", "", None))
    return rows, "Two-choice accuracies: the right answer's probability against the other's."


def evaluate_translator(_):
    model, tokenizer = open_model("translator")
    pairs = translator_data.Pairs(tokenizer).draw(np.random.default_rng(41), 1000, testing=True)
    done = translator_measures.exact(model, pairs).mean()
    rows = [(f"exact sentences, held-out combinations ({len(pairs)})", percent(done), "≥ 95 %", done >= 0.95)]
    for (block, head), side, label in ((train_translator.OWN, "own", "a row's own word"), (train_translator.NEXT, "next", "the word that a row predicts")):
        rate, weight = translator_measures.error_rate(model, pairs, block, head, side)
        rows.append((f"alignment error rate of decoder.blocks.{block}.cross head {head}: {label}", percent(rate), "≤ 10 %", rate <= 0.1))
        rows.append(("mean weight on the gold word", f"{weight:.2f}", "", None))
    return rows, "Greedy, word for word; combinations of subject, verb and object or of time and place that no training sentence held."


def table(rows, note):
    lines = ["| measure | value | limit | |", "| --- | --- | --- | --- |"]
    lines += [f"| {label.replace('<mask>', '`<mask>`')} | {value} | {limit} | {'' if met is None else 'met' if met else '**missed**'} |" for label, value, limit, met in rows]
    return "\n".join([*lines, "", note])


def write_card(name, measured):
    path = MODELS / name / "README.md"
    card = path.read_text(encoding="utf-8")
    before, rest = card.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{measured}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="*", type=pathlib.Path)
    parser.add_argument("--model", action="append", choices=sorted(KINDS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--print-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    evaluators = {"storyteller": evaluate_storyteller, "reader": evaluate_reader, "translator": evaluate_translator}
    for name in options.model or evaluators:
        measured = table(*evaluators[name](options.texts))
        print(f"{name}\n{measured}\n", flush=True)
        if not options.print_only:
            write_card(name, measured)


if __name__ == "__main__":
    main()
