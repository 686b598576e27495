"""What is measured of `reader`, on sentences that it was not trained on."""
import pathlib
import re

import numpy as np
import torch

import reader_tasks
import teaching
import text
from generators import agreement, coreference, homographs


def logits_of(model, rows):
    with torch.no_grad():
        return model(torch.from_numpy(teaching.padded(rows))).float()


def coreference_members(number, seed, held_template):
    """number pairs, so twice as many Items; all their pairs of nouns are held out."""
    random = np.random.default_rng(seed)
    pairs = [coreference.pair(random, True, held_template) for _ in range(number)]
    return [item for pair in pairs for item in pair]


def resolved(model, tokenizer, items, masked, named=False):
    """For each Item: does the answer at "it" (or at the <mask> in its place) give the right noun more than the other?

    named: is the right noun the likeliest of all pieces? Without having seen the nouns a predicate alone often tells which of two
    is meant, but hardly ever names it.
    """
    encoded = [teaching.ids_of(reader_tasks.as_masked_noun(item.parts) if masked else item.parts, tokenizer) for item in items]
    logits = logits_of(model, [row for row, _ in encoded])
    out = []
    for at, (item, (row, places)) in enumerate(zip(items, encoded)):
        right, wrong = row[places[item.answer]], row[places["second" if item.answer == "first" else "first"]]
        answer = logits[at, places["it"]]
        out.append(bool(answer.argmax() == right if named else answer[right] > answer[wrong]))
    return np.array(out)


def looked(model, tokenizer, items, block, head):
    """For each Item: (weight from "it" on the right noun, on the other)."""
    attention = model.attentions()[block]
    attention.keep = True
    encoded = [teaching.ids_of(item.parts, tokenizer) for item in items]
    logits_of(model, [row for row, _ in encoded])
    attention.keep = False
    out = []
    for at, (item, (_, places)) in enumerate(zip(items, encoded)):
        row = attention.pattern[at, head, places["it"]]
        out.append((float(row[places[item.answer]]), float(row[places["second" if item.answer == "first" else "first"]])))
    return np.array(out)


def both(flags):
    """Share of pairs with both members right."""
    return float(flags.reshape(-1, 2).all(1).mean())


def homograph_accuracy(model, tokenizer, number=300, seed=11):
    random = np.random.default_rng(seed)
    right = []
    for _ in range(number):
        item = homographs.item(random, testing=True)
        row, places = teaching.ids_of(item.parts, tokenizer)
        row[places["answer"]] = teaching.MASK
        logits = logits_of(model, [row])[0, places["answer"]]
        score = [torch.logsumexp(logits[[tokenizer.plain(" " + w)[0] for w in words]], 0) for words in (item.answers, item.others)]
        right.append(bool(score[0] > score[1]))
    return float(np.mean(right))


def agreement_accuracy(model, tokenizer, number=400, seed=12):
    random = np.random.default_rng(seed)
    right = []
    for _ in range(number):
        item = agreement.item(random, testing=True)
        row, places = teaching.ids_of(item.parts, tokenizer)
        row[places["verb"]] = teaching.MASK
        logits = logits_of(model, [row])[0, places["verb"]]
        good, bad = (tokenizer.plain(" " + word)[0] for word in (item.right, item.wrong))
        right.append(bool(logits[good] > logits[bad]))
    return float(np.mean(right))


HAND = pathlib.Path(__file__).resolve().parent / "generators" / "handwritten_pairs.txt"


def handwritten():
    """As Items: two for each line."""
    items = []
    for line in text.word_list(HAND):
        sentence, nouns = line.split(" => ")
        first, second = nouns.split()
        before, choices, after = re.match(r"(.*)\{(.*)\}(.*)", sentence).groups()
        for answer, cue in zip(("first", "second"), choices.split("|")):
            items.append(coreference.Item(tagged(before + cue + after, first, second), answer, first, second, "by hand"))
    return items


def tagged(sentence, first, second):
    """Parts with tags for the nouns' first occurrence and for [it]."""
    found = sorted([(re.search(rf"\b{first}\b", sentence).start(), first, "first"), (re.search(rf"\b{second}\b", sentence).start(), second, "second"),
                    (sentence.lower().index("[it]"), "[it]", "it")])
    parts, at = [], 0
    for place, word, tag in found:
        shown = sentence[place : place + len(word)].strip("[]")
        parts += [(sentence[at:place], ""), (shown, tag)]
        at = place + len(word)
    return [(piece, tag) for piece, tag in [*parts, (sentence[at:], "")] if piece]


class without:
    """With this head's output set to zero."""

    def __init__(self, model, block, head):
        self.attention, self.head = model.attentions()[block], head

    def __enter__(self):
        self.attention.silent = (self.head,)

    def __exit__(self, *_):
        self.attention.silent = ()


def masked_accuracy(model, baseline, ids, windows=160, context=126, gap=9, seed=13):
    """(share of masked tokens that the model names, that the trigrams name from two neighbours on each side, how many)."""
    random = np.random.default_rng(seed)
    mine = theirs = number = 0
    for start in random.integers(0, len(ids) - context, windows):
        piece = ids[start : start + context]
        places = np.arange(2 + int(random.integers(gap)), context - 2, gap)
        row = piece.copy()
        row[places] = teaching.MASK
        best = logits_of(model, [[teaching.START, *row, teaching.END]])[0].argmax(-1).numpy()[1:-1]
        mine += int((best[places] == piece[places]).sum())
        theirs += sum(baseline.fill(piece[p - 2], piece[p - 1], piece[p + 1], piece[p + 2]) == piece[p] for p in places)
        number += len(places)
    return mine / number, theirs / number, number


def search_heads(model, tokenizer, items, asked, wanted, hide):
    """blocks x heads: mean weight from the tag `asked` (masked where `hide`) on the tag `wanted`."""
    encoded = []
    for item in items:
        row, places = teaching.ids_of(item.parts, tokenizer)
        if hide:
            row[places[asked]] = teaching.MASK
        encoded.append((row, places))
    for attention in model.attentions():
        attention.keep = True
    logits_of(model, [row for row, _ in encoded])
    out = []
    for attention in model.attentions():
        attention.keep = False
        out.append(np.mean([attention.pattern[at, :, places[asked], places[wanted]].numpy() for at, (_, places) in enumerate(encoded)], 0))
    return np.array(out)


def short(model, tokenizer):
    """One line for the log."""
    block, head = reader_tasks.TAUGHT_BLOCK, reader_tasks.TAUGHT_HEAD
    out = []
    for held_template in (False, True):
        items = coreference_members(100, 5, held_template)
        weights = looked(model, tokenizer, items, block, head)
        out.append(f"at it {both(resolved(model, tokenizer, items, False)):.2f}, masked {both(resolved(model, tokenizer, items, True)):.2f},"
                   f" head {both(weights[:, 0] > weights[:, 1]):.2f} ({weights[:, 0].mean():.2f})")
    out.append(f"homographs {homograph_accuracy(model, tokenizer, 100):.2f}, agreement {agreement_accuracy(model, tokenizer, 100):.2f}")
    return "; held-out templates: ".join(out[:2]) + "; " + out[2]
