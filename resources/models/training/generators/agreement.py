"""A verb that must agree with a noun some words away, past another noun of the other number.

"The key to the old cabinets is rusty." Pairs of nouns by a hash, and the relative clause with "whom", are kept for testing.
"""
import dataclasses
import hashlib

NOUNS = [("key", "keys"), ("dog", "dogs"), ("cat", "cats"), ("boy", "boys"), ("girl", "girls"), ("horse", "horses"), ("flower", "flowers"), ("box", "boxes"),
         ("book", "books"), ("door", "doors"), ("tree", "trees"), ("house", "houses"), ("picture", "pictures"), ("teacher", "teachers"), ("king", "kings"),
         ("friend", "friends"), ("bird", "birds"), ("table", "tables"), ("garden", "gardens"), ("brother", "brothers"), ("sister", "sisters"),
         ("farmer", "farmers"), ("apple", "apples"), ("stone", "stones"), ("boat", "boats"), ("cabinet", "cabinets"), ("toy", "toys"), ("letter", "letters")]
LINKS = ["to", "of", "near", "behind", "beside", "with", "next to", "in front of", "from", "under", "by"]
FORMS = [("is", "are"), ("was", "were"), ("has", "have"), ("looks", "look"), ("makes", "make"), ("stands", "stand"), ("does", "do"), ("seems", "seem")]
ENDS = {"is": ["old", "very old", "here", "small", "not new", "ready", "red", "good"], "was": ["old", "there", "not big", "small", "clean", "lost", "good"],
        "has": ["no name", "been here", "a new colour", "gone"], "looks": ["old", "nice", "new", "very good"], "makes": ["me happy", "us smile"],
        "stands": ["there", "here", "in the sun"], "does": ["not move", "not look good"], "seems": ["old", "nice", "to be new"]}
ADJECTIVES = ["", "", "old ", "little ", "big ", "new ", "red ", "white ", "small "]


@dataclasses.dataclass
class Item:
    parts: list  # tags: subject, other, verb
    right: str
    wrong: str


def item(random, testing=False):
    def pick(values):
        return values[int(random.integers(len(values)))]

    while True:
        subject, other = pick(NOUNS), pick(NOUNS)
        held = hashlib.sha256(f"{subject[0]} {other[0]}".encode()).digest()[0] < 51
        if subject != other and held == testing:
            break
    plural, forms = int(random.integers(2)), pick(FORMS)
    # In testing the other noun always has the other number: copying the nearest noun's number is always wrong.
    other_plural = 1 - plural if testing or random.random() < 0.7 else plural
    end = pick(ENDS[forms[0]])
    start = [("The " + pick(ADJECTIVES), ""), (subject[plural], "subject")]
    if random.random() < 0.3:
        middle = [(pick([" that the ", " which the "]) + pick(ADJECTIVES), ""), (other[other_plural], "other"),
                  (" " + pick([("likes", "like"), ("sees", "see"), ("wants", "want")])[other_plural], "")]
    elif random.random() < 0.15:
        middle = []
    else:
        middle = [(f" {pick(LINKS)} the {pick(ADJECTIVES)}", ""), (other[other_plural], "other")]
    parts = start + middle + [(" ", ""), (forms[plural], "verb"), (" " + end, "")] + ([(".", "")] if random.random() < 0.7 else [])
    return Item(parts, forms[plural], forms[1 - plural])


def words():
    out = {w for pair in NOUNS for w in pair} | {w for pair in FORMS for w in pair}
    for texts in ENDS.values():
        out.update(w for text in texts for w in text.split())
    return out
