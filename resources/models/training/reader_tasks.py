"""What `reader` is taught beside its text, as rows of ids with targets.

A target is (row, place, id): the model's answer at that place. For "it" the answer is the noun that it stands for, both at the
"it" itself and at a <mask> in "the <mask>" put in its place; `looks` are (row, place, right place): where the taught head's weight belongs.
"""
import dataclasses

import numpy as np

import teaching
from generators import agreement, coreference, homographs

# The head that is taught to look from "it" to its noun: third block, first head.
TAUGHT_BLOCK, TAUGHT_HEAD = 2, 0
# From this step on the other heads are asked not to look from "it" at the two nouns, and the model to prefer neither noun when the
# taught head is silent, so that the answer comes by this head: until then the others carried it as well, and without the head the
# answers were as good.
ALONE_FROM = 750
# From this step on all wordings and relations are drawn, until then those without "+" in relations.txt. With all of them from the
# beginning the roles (who chases, who is chased) were not learned within 3,000 steps; after these, within a few hundred.
ALL_FROM = 7500
# Of the coreference sentences: those in which the kinds of the nouns decide.
PLAIN_SHARE = 0.45
# Two heads of the first block are taught to look at the neighbours: a masked token knows nothing before it has looked aside, and
# without them the loss stood still at the frequency of the words for 450 steps. (head, step)
NEIGHBOURS = ((0, -1), (1, 1))


@dataclasses.dataclass
class Batch:
    rows: list = dataclasses.field(default_factory=list)
    answers: list = dataclasses.field(default_factory=list)
    looks: list = dataclasses.field(default_factory=list)
    nouns: list = dataclasses.field(default_factory=list)  # for each of `looks`: where the two nouns stand
    masked: list = dataclasses.field(default_factory=list)


def as_masked_noun(parts):
    """"... because it was" -> "... because the <mask> was"."""
    out = []
    for text, tag in parts:
        if tag == "it":
            out += [("The " if text[0] == "I" else "the ", ""), ("<mask>", "it")]
        else:
            out.append((text, tag))
    return out


def mask_some(random, row, share, untouched=()):
    """(row, [(place, id)]): a share of the tokens hidden, at least one."""
    free = [i for i in range(1, len(row) - 1) if i not in untouched and row[i] != teaching.MASK]
    if not free:
        return row, []
    number = max(1, int(round(share * len(free))))
    places = random.choice(free, min(number, len(free)), replace=False)
    hidden = [(int(place), row[place]) for place in places]
    row = list(row)
    for place in places:
        row[place] = teaching.MASK
    return row, hidden


def add(batch, row, hidden):
    batch.masked += [(len(batch.rows), place, was) for place, was in hidden]
    batch.rows.append(row)


def add_coreference(batch, random, tokenizer, beginning):
    item = (coreference.plain_item(random) if random.random() < PLAIN_SHARE
            else coreference.pair(random, beginning=beginning)[int(random.integers(2))])
    mode = random.random()
    if mode < 0.15:
        row, _ = teaching.ids_of(item.parts, tokenizer)
        add(batch, *mask_some(random, row, 0.2))
        return
    parts = item.parts if mode < 0.7 else as_masked_noun(item.parts)
    row, places = teaching.ids_of(parts, tokenizer)
    at, right = places["it"], places[item.answer]
    batch.answers.append((len(batch.rows), at, row[right]))
    batch.looks.append((len(batch.rows), at, right))
    batch.nouns.append((places["first"], places["second"]))
    cue = range(places["cue"], len(row))
    row, hidden = mask_some(random, row, 0.12, {at, places["first"], places["second"], *cue}) if random.random() < 0.3 else (row, [])
    add(batch, row, hidden)


def add_gap(batch, random, tokenizer, parts, tag):
    """One tagged word hidden, most of the time; else some of the tokens."""
    row, places = teaching.ids_of(parts, tokenizer)
    if random.random() < 0.25:
        add(batch, *mask_some(random, row, 0.2))
        return
    place = places[tag]
    was, row[place] = row[place], teaching.MASK
    add(batch, row, [(place, was)])


def draw(random, tokenizer, coreferences, gaps, step):
    batch = Batch()
    for _ in range(coreferences):
        add_coreference(batch, random, tokenizer, beginning=step < ALL_FROM)
    for _ in range(gaps):
        add_gap(batch, random, tokenizer, homographs.item(random).parts, "answer")
        add_gap(batch, random, tokenizer, agreement.item(random).parts, "verb")
    return batch


def words():
    return coreference.words() | homographs.words() | agreement.words()


def mask_text(random, rows, share=0.35):
    """rows: N x T without what surrounds them -> (ids N x (T + 2), where, what was there)."""
    number, length = rows.shape
    ids = np.concatenate([np.full((number, 1), teaching.START), rows, np.full((number, 1), teaching.END)], 1)
    hidden = np.zeros(ids.shape, bool)
    hidden[:, 1:-1] = random.random((number, length)) < share
    targets = ids[hidden]
    ids[hidden] = teaching.MASK
    return ids, hidden, targets
