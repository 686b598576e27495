"""Sentence pairs as rows of ids, and the tokenizer that makes one token of every word the generator knows."""
import collections

import numpy as np

import bpe
from generators import translation

SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
PAD, END = 1, 2


def make_tokenizer(seed=0, sentences=60000):
    """Chinese: bytes to characters, then characters to words; English: the most frequent pairs until every word is one piece."""
    maker, english, chinese = translation.Maker(np.random.default_rng(seed)), collections.Counter(), collections.Counter()
    for number in range(sentences):
        pieces, words, _ = maker.sentence(number % 4 == 0)
        english.update(pieces)
        chinese.update(words)
    merges = {}
    for word in sorted(chinese, key=lambda word: (-chinese[word], word)):
        for character in word:
            first, *rest = bpe.visible(character)
            for byte in rest:
                merges[(first, byte)] = None
                first += byte
    for word in sorted(chinese, key=lambda word: (-chinese[word], word)):
        joined = "".join(bpe.visible(word[0]))
        for character in word[1:]:
            merges[(joined, "".join(bpe.visible(character)))] = None
            joined += "".join(bpe.visible(character))
    words = set(english) | {" " + word.strip().lower() for word in english} | {word.strip() for word in english}
    pairs = bpe.train_merges({word: 2 + english[word] for word in sorted(words)}, 4000)
    return bpe.Tokenizer(SPECIALS, [*merges, *pairs], False, (None, "</s>"))


def encode(tokenizer, pieces, words, comes_from):
    """(source ids with </s>, target ids without, for each target id the place of its source token).

    A word of several tokens counts by its last one; None where a sentence is not cut into its words.
    """
    source, last = [], []
    for piece in pieces:
        source += [i for part in bpe.CUT.findall(piece) for i in tokenizer.word(part)]
        last.append(len(source) - 1)
    target = [tokenizer.ids.get("".join(bpe.visible(word))) for word in words]
    if None in target or tokenizer.plain("".join(words)) != target or tokenizer.plain("".join(pieces)) != source:
        return None
    return [*source, END], target, [last[at] for at in comes_from]


class Pairs:
    def __init__(self, tokenizer):
        self.tokenizer, self.dropped = tokenizer, 0

    def draw(self, random, number, testing=False):
        maker, out = translation.Maker(random), []
        while len(out) < number:
            pair = encode(self.tokenizer, *maker.sentence(testing))
            self.dropped += pair is None
            if pair:
                out.append(pair)
        return out


def arrays(pairs):
    """source N x S, decoder input N x T, labels N x T (-100 where none), own and next N x T (-1 where none).

    own[n, t]: the source token of the word that stands in row t; next: of the word that row t predicts. At the end both are </s>.
    """
    wide, long = max(len(source) for source, _, _ in pairs), max(len(target) for _, target, _ in pairs) + 1
    source = np.full((len(pairs), wide), PAD)
    target, labels, own, following = (np.full((len(pairs), long), fill) for fill in (PAD, -100, -1, -1))
    for n, (words, translated, places) in enumerate(pairs):
        source[n, : len(words)] = words
        target[n, : len(translated) + 1] = [END, *translated]
        labels[n, : len(translated) + 1] = [*translated, END]
        own[n, 1 : len(translated) + 1] = places
        following[n, : len(translated) + 1] = [*places, len(words) - 1]
    return source, target, labels, own, following
