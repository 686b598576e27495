"""Generated sentences as rows of ids, with the places of their tagged words."""
import numpy as np

START, PAD, END, UNKNOWN, MASK = 0, 1, 2, 3, 4
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def ids_of(parts, tokenizer):
    """([<s>, ids..., </s>], tag -> index of its first token). Words are cut as in the whole text: a tagged word ends at a blank
    or a mark, and takes the blank before it along."""
    text, spans = "", []
    for piece, tag in parts:
        if tag:
            spans.append((tag, len(text)))
        text += piece
    cuts = [len(text[:at].rstrip(" ")) for _, at in spans]
    ids, places, before = [START], {}, 0
    for (tag, _), cut in zip(spans, cuts):
        ids += plain(text[before:cut], tokenizer, before)
        places[tag], before = len(ids), cut
    ids += plain(text[before:], tokenizer, before)
    return ids + [END], places


def plain(text, tokenizer, before):
    return tokenizer.plain(text) if before == 0 or text[:1] == " " else [
        i for word in cut_words(text) for i in tokenizer.word(word)]


def cut_words(text):
    import bpe
    return bpe.CUT.findall(text)


def padded(rows):
    out = np.full((len(rows), max(map(len, rows))), PAD, np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return out
