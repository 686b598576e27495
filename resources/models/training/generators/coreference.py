"""Sentences with two nouns and an "it" that one word decides: tired or wide, big or small, hungry or tasty.

A relation (relations.txt) says who does what to whom and which predicates then speak of which noun. It comes in several wordings
(the core clause) and is joined to its reason in several ways; one wording of most relations and the reasons in
TEST_REASONS are kept for testing, as are a fifth of the pairs of nouns. Two members of a pair differ in the predicate alone.
"""
import dataclasses
import hashlib
import pathlib
import re

from generators import neutral
from generators.lexicon import ALWAYS, ANIMATE_PHRASES, NEUTRAL, NOUNS, OWNERS


@dataclasses.dataclass(frozen=True)
class Relation:
    name: str
    first: tuple  # kinds of the nouns
    second: tuple
    wordings: tuple  # with {a} and {b}
    first_wordings: tuple  # those of them that are trained from the beginning
    kept: str  # the one for testing, empty where there is none
    of_first: tuple  # predicates (adjectives, or whole phrases as in "=had no food")
    of_second: tuple
    by_role: bool  # both nouns could be meant: only who did what decides


def read_relations(path):
    """The relations of a file like relations.txt, which says how it is written."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            head = re.fullmatch(r"(\w+): ([\w ]+?) / ([\w ]+?)( \(roles\))?", line)
            out.append({"name": head[1], "first": tuple(head[2].split()), "second": tuple(head[3].split()), "by_role": bool(head[4]), "wordings": (), "first_wordings": (), "kept": ""})
            continue
        field, colon, value = line.strip().partition(": ")
        values = tuple(each.strip() for each in value.split("|"))
        if colon and field in ("of a", "of b"):
            out[-1]["of_first" if field == "of a" else "of_second"] = values
        elif colon and field == "test":
            out[-1]["kept"] = value
        else:
            wording = line.strip().removeprefix("+ ")
            out[-1]["wordings"] += (wording,)
            out[-1]["first_wordings"] += () if line.strip().startswith("+") else (wording,)
    return [Relation(**each) for each in out]


RELATIONS = read_relations(pathlib.Path(__file__).resolve().parent / "relations.txt")
TESTED = [each for each in RELATIONS if each.kept]
DRAWN = [each for each in RELATIONS for _ in range(3 if each.by_role else 1)]
DRAWN_FIRST = [each for each in DRAWN if each.first_wordings]

REASONS = [("", " because ", ""), ("", " because ", ""), ("", " because ", ""), ("", " because ", ""), ("", " since ", ""), ("", " as ", ""), ("", ", for ", ""),
           ("", ". ", ""), ("", "; ", ""), ("", ", because ", ""), ("", " only because ", ""), ("", " just because ", ""), ("I think that ", " because ", ""),
           ("", " because of course ", ""), ("", ". You see, ", ""), ("", " because I think that ", ""), ("", " because then ", ""), ("", ", and ", ""),
           ("", ". The reason was simple: ", ""), ("She said that ", " because ", ""),
           ("", ". Why? Because ", ""), ("", ", as you know, because ", ""), ("", "; of course ", ""), ("", ". I know that ", ""), ("We heard that ", ", for ", ""), ("", " and I think ", ""),
           ("", " when ", ""), ("", " while ", ""), ("", ". No wonder: ", ""), ("", ": ", "")]
TEST_REASONS = [("", ", and the reason was that ", ""), ("They knew that ", " because ", ""), ("", ". That was because ", ""), ("", ". Everybody saw that ", ""),
                ("", ", since clearly ", "")]
REVERSED = ["Because {it}, {core}", "Since {it}, {core}", "{it}, so {core}", "As {it}, {core}"]
OPENINGS = ["", "", "", "", "", "", "", "", "Yesterday ", "One day ", "In the morning ", "At night ", "Then ", "After lunch ", "That day ", "Last week ", "In the end, ", "Once ",
            "But ", "So "]
ENDINGS = ["", "", "", "", "", "", "", "", " that day", " today", " again", " at that time", " in the morning", " now", " to go on", " last night", " in winter"]
DEGREES = ["too", "too", "too", "too", "so", "very", "", "", "really", "still", "rather", "much too", "far too", "a bit", "quite", "always", "already"]
LOOKS = ["was", "was", "was", "was", "was", "was", "was", "looked", "seemed", "had become", "is", "had been"]


def held_out_pair(first, second):
    return hashlib.sha256(f"{first} {second}".encode()).digest()[0] < 51


def nouns_of(kinds):
    return [noun for kind in kinds for noun in NOUNS[kind]]


def choose(random, values):
    return values[int(random.integers(len(values)))]


def predicate(random, given):
    """What follows "it"."""
    chosen = choose(random, given)
    if chosen == "*":
        return choose(random, ANIMATE_PHRASES)
    if chosen.startswith("="):
        return chosen[1:]
    degree = choose(random, DEGREES)
    return " ".join(part for part in (choose(random, LOOKS), degree, chosen) if part)


def noun_phrase(random, noun, tag, plain):
    """[(text, tag)]"""
    owner = "the" if plain else choose(random, OWNERS)
    adjective = choose(random, NEUTRAL) if not plain and random.random() < 0.12 else ""
    if owner == "a" and (adjective or noun)[0] in "aeiou":
        owner = "an"
    before = " ".join(part for part in (owner, adjective) if part)
    return [(before + " ", ""), (noun, tag)]


def clause(random, wording, first, second, plain):
    """The core clause as [(text, tag)]."""
    out, rest = [], wording
    while rest:
        at = rest.find("{")
        if at < 0:
            out.append((rest, ""))
            break
        out.append((rest[:at], ""))
        tag, noun = ("first", first) if rest[at + 1] == "a" else ("second", second)
        out += noun_phrase(random, noun, tag, plain)
        rest = rest[at + 3 :]
    return [(text, tag) for text, tag in out if text]


def capital(parts):
    (text, tag), rest = parts[0], parts[1:]
    return [(text[:1].upper() + text[1:], tag), *rest]


@dataclasses.dataclass
class Item:
    parts: list  # [(text, tag)]; tags: first, second, it, cue
    answer: str  # first or second
    first: str
    second: str
    relation: str


def said(random, it_clause, core, form):
    if isinstance(form, str):
        before, after = form.split("{it}")
        parts = [(before, "")] + it_clause + [(after.split("{core}")[0], "")] + core
    else:
        start, link, end = form
        parts = [(start, "")] + core + [(link, "")] + it_clause + [(end, "")]
    return [(text, tag) for text, tag in parts if text]


def said_of_kind():
    """kind -> everything that some relation says of it."""
    out = {kind: set(ALWAYS.get(kind, ())) for kind in NOUNS}
    for each in RELATIONS:
        for kinds, given in ((each.first, each.of_first), (each.second, each.of_second)):
            for kind in kinds:
                out[kind].update(given)
    return out


SAID = said_of_kind()


def plain_item(random):
    """One Item in which only the kinds of the nouns decide: what is said is never said of the other kind."""
    while True:
        kinds = [choose(random, list(ALWAYS)) for _ in range(2)]
        nouns = [choose(random, NOUNS[kind]) for kind in kinds]
        fits = [text for text in ALWAYS[kinds[0]] if text not in SAID[kinds[1]]]
        shared = nouns[0] in NOUNS[kinds[1]] or nouns[1] in NOUNS[kinds[0]]
        if kinds[0] != kinds[1] and fits and not shared and not held_out_pair(*nouns) and not held_out_pair(*nouns[::-1]):
            break
    swap = random.random() < 0.5
    first, second = nouns[::-1] if swap else nouns
    core = clause(random, choose(random, neutral.CLAUSES), first, second, random.random() < 0.6)
    # A clause may name {b} before {a}: the tags follow the nouns, not the places.
    text = choose(random, ANIMATE_PHRASES) if kinds[0] == "animal" and random.random() < 0.15 else predicate(random, fits)
    link, aside = choose(random, neutral.LINKS), choose(random, neutral.ASIDES) if random.random() < 0.3 else ""
    it_clause = [("it", "it"), (" " + text, "cue")]
    if link.endswith(". "):
        it_clause = capital(it_clause)
    parts = capital(core) + [(aside + link, "")] + it_clause + ([(".", "")] if random.random() < 0.7 else [])
    return Item(parts, "second" if swap else "first", first, second, "plain")


def pair(random, testing=False, held_template=False, beginning=False):
    """Two Items, alike but for the predicate; for training the caller takes one of them, in the beginning of the first wordings."""
    while True:
        each = choose(random, TESTED if testing else DRAWN_FIRST if beginning else DRAWN)
        first, second = choose(random, nouns_of(each.first)), choose(random, nouns_of(each.second))
        if first != second and held_out_pair(first, second) == testing:
            break
    wording = each.kept if held_template else choose(random, each.first_wordings if beginning else each.wordings)
    reversed_ = not held_template and random.random() < 0.12
    form = choose(random, TEST_REASONS if held_template else REVERSED if reversed_ else REASONS)
    plain, opening, ending = random.random() < 0.6, choose(random, OPENINGS), choose(random, ENDINGS)
    core = clause(random, wording, first, second, plain)
    if not testing and not reversed_ and random.random() < 0.2:
        core.append((choose(random, neutral.ASIDES), ""))
    full_stop = random.random() < 0.7
    items = []
    for answer, given in (("first", each.of_first), ("second", each.of_second)):
        it_clause = [("it", "it"), (" ", ""), (predicate(random, given) + (ending if not reversed_ else ""), "cue")]
        if isinstance(form, tuple) and (form[1].endswith(". ")):
            it_clause = capital(it_clause)
        parts = said(random, it_clause, core, form)
        if opening and not reversed_ and not form[0]:
            parts = [(opening, "")] + parts
        parts = capital(parts) + ([(".", "")] if full_stop else [])
        items.append(Item(parts, answer, first, second, each.name))
    return items


def words():
    """Every word that this file can write: each gets a token of its own."""
    out = set()
    for nouns in NOUNS.values():
        out.update(nouns)
    texts = [text for each in RELATIONS for text in (*each.wordings, each.kept, *each.of_first, *each.of_second)]
    texts += [p for values in ALWAYS.values() for p in values] + ANIMATE_PHRASES + NEUTRAL + OWNERS + OPENINGS + ENDINGS + DEGREES + LOOKS
    for text in texts:
        out.update(w for w in text.replace("{a}", " ").replace("{b}", " ").replace("=", " ").split())
    return {w.strip(".,;:") for w in out if w.strip(".,;:*").isalpha()}
