"""Sentences with two nouns and an "it" that one word decides: tired or wide, big or small, hungry or tasty.

A relation says who does what to whom and which predicates then speak of which noun. It comes in several wordings (the core
clause) and is joined to its reason in several ways; the last wording of each relation and the reasons in
TEST_REASONS are kept for testing, as are a fifth of the pairs of nouns. Two members of a pair differ in the predicate alone.
"""
import dataclasses
import hashlib

from generators.lexicon import ALWAYS, ANIMATE_PHRASES, NEUTRAL, NOUNS, OWNERS


@dataclasses.dataclass(frozen=True)
class Relation:
    name: str
    first: str  # kinds of the nouns, separated by blanks
    second: str
    wordings: tuple  # with {a} and {b}; the last one is for testing
    of_first: str  # predicates (adjectives, or whole phrases in quotes of the form "=had no food"), separated by |
    of_second: str


def relation(name, first, second, wordings, of_first, of_second):
    return Relation(name, first, second, tuple(wordings.split("|")), of_first, of_second)


TIRED = "tired|hungry|afraid|scared|frightened|sleepy|weak|lazy|sick|shy|lame|nervous|exhausted|weary|hurt|ill|thirsty|worried|bored|*"
RELATIONS = [
    relation("cross", "animal", "crossing",
             "{a} didn't cross {b}|{a} did not cross {b}|{a} couldn't cross {b}|{a} would not cross {b}|{a} never crossed {b}|"
             "{a} refused to cross {b}|{a} could not get across {b}|{a} didn't walk across {b}|{a} did not want to cross {b}|"
             "{a} stopped in front of {b}|{a} didn't run across {b}|{a} was not able to cross {b}|{a} failed to cross {b}",
             TIRED, "wide|busy|crowded|icy|slippery|muddy|flooded|dangerous|broad|noisy|dusty|deep|long"),
    relation("climb", "animal", "height",
             "{a} didn't climb {b}|{a} could not climb {b}|{a} couldn't get over {b}|{a} never climbed {b}|{a} did not jump over {b}|"
             "{a} could not jump over {b}|{a} refused to climb {b}|{a} wouldn't climb up {b}|{a} failed to climb {b}",
             TIRED + "|fat|young|small", "high|tall|steep|slippery|smooth|wet|icy|wide"),
    relation("leap", "animal", "height crossing",
             "{a} jumped over {b}|{a} easily crossed {b}|{a} got over {b}|{a} leaped over {b}",
             "strong|quick|young|brave|fast|clever|fearless", "low|narrow|small|short"),
    relation("eat", "animal", "food",
             "{a} ate {b}|{a} stole {b}|{a} took {b}|{a} grabbed {b}|{a} wanted {b}|{a} swallowed {b}|{a} finished {b}|{a} gobbled up {b}",
             "hungry|starving|greedy|thin|=had not eaten|=had no other food|=had waited all day",
             "tasty|sweet|ripe|fresh|delicious|warm|juicy|=smelled good|=smelled nice|=looked good|=tasted good|=lay on the ground"),
    relation("leave_food", "animal", "food",
             "{a} didn't eat {b}|{a} did not touch {b}|{a} would not eat {b}|{a} left {b} alone|{a} refused {b}|{a} didn't want {b}|{a} spat out {b}",
             "sick|ill|full|sleepy|tired|sad|shy|*", "rotten|stale|sour|bitter|hot|salty|hard|spoiled|mouldy|burnt|=smelled bad|=tasted bad"),
    relation("fit", "item furniture food clothes", "container",
             "{a} didn't fit in {b}|{a} did not fit into {b}|{a} doesn't fit in {b}|{a} does not fit into {b}|{a} would not go into {b}|"
             "{a} couldn't be put in {b}|we could not put {a} into {b}|he could not get {a} into {b}|{a} stuck out of {b}",
             "big|large|long|thick|wide|huge|fat|tall", "small|little|narrow|tiny|full|short"),
    relation("fit_easily", "item food", "container",
             "{a} fitted in {b}|{a} fits into {b}|{a} went into {b} easily|we easily put {a} into {b}",
             "small|little|tiny|thin|short", "big|large|empty|huge|wide|roomy"),
    relation("through", "furniture load vehicle animal", "opening",
             "{a} did not fit through {b}|{a} didn't go through {b}|{a} could not get through {b}|{a} got stuck in {b}|we couldn't get {a} through {b}",
             "big|large|wide|fat|thick|huge|broad", "small|narrow|tiny|little|low|tight"),
    relation("catch", "animal", "animal",
             "{a} could not catch {b}|{a} didn't catch {b}|{a} never caught {b}|{a} failed to catch {b}|{a} lost the race against {b}|{a} couldn't keep up with {b}",
             "slow|tired|fat|lame|lazy|old|clumsy|weak", "fast|quick|clever|swift|nimble|=ran away|=ran faster|=flew away|=hid in a hole"),
    relation("caught", "animal", "animal",
             "{a} caught {b}|{a} easily caught {b}|{a} beat {b} in the race|{a} ran past {b}",
             "fast|quick|clever|swift|nimble|=ran faster", "slow|tired|fat|lame|lazy|clumsy|=could not run"),
    relation("chase", "animal", "animal",
             "{a} chased {b}|{a} ran after {b}|{a} hunted {b}|{a} attacked {b}|{a} jumped at {b}|{a} wanted to eat {b}",
             "hungry|angry|starving|fierce|=wanted to play|=wanted to eat|=had not eaten|=had not eaten for days",
             "tasty|fat|=looked tasty|=smelled good|=had stolen its food|=had taken its food|=had pulled its tail|=ran away"),
    relation("hide", "animal", "animal",
             "{a} hid from {b}|{a} ran away from {b}|{a} fled from {b}|{a} was afraid of {b}|{a} kept away from {b}|{a} did not trust {b}",
             "afraid|scared|frightened|weak|shy|timid|nervous", "dangerous|fierce|angry|strong|loud|cruel|wild|hungry|=looked dangerous|=showed its teeth"),
    relation("lift", "animal", "load",
             "{a} could not lift {b}|{a} couldn't move {b}|{a} could not carry {b}|{a} couldn't pull {b}|{a} didn't push {b} away|{a} failed to move {b}|{a} was unable to pull {b}",
             "weak|tired|small|young|lame|lazy|sick|exhausted|ill|little|hungry", "heavy|big|large|huge|stuck|=weighed too much|=was stuck in the mud|=was made of iron"),
    relation("carry", "animal", "load",
             "{a} carried {b}|{a} moved {b}|{a} pulled {b} home|{a} dragged {b} away|{a} lifted {b}",
             "strong|young|powerful|big|=had big muscles", "light|small|empty|little|=weighed so little|=had wheels"),
    relation("pull", "animal", "vehicle",
             "{a} could not pull {b}|{a} couldn't move {b}|{a} stopped pulling {b}|{a} did not pull {b}|{a} failed to pull {b}",
             "weak|tired|old|lame|lazy|sick|exhausted|hungry|*", "heavy|stuck|full|broken|loaded|=was stuck in the mud|=had lost a wheel"),
    relation("break", "hard", "fragile",
             "{a} broke {b}|{a} smashed {b}|{a} cracked {b}|{a} went through {b}|{a} shattered {b}",
             "hard|heavy|big|=was made of iron|=was made of steel|=was thrown so hard|=flew so fast", "thin|fragile|delicate|weak|=was made of glass|=was already cracked"),
    relation("not_break", "hard", "fragile",
             "{a} did not break {b}|{a} didn't smash {b}|{a} could not crack {b}|{a} bounced off {b}",
             "soft|light|small|=was made of paper|=was made of rubber", "strong|thick|tough|=was made of steel|=was made of iron"),
    relation("cut", "tool", "stuff",
             "{a} did not cut {b}|{a} couldn't cut {b}|{a} would not go through {b}|{a} could not cut through {b}",
             "dull|blunt|rusty|old|=had lost its edge", "thick|hard|tough|frozen|strong"),
    relation("cut_easily", "tool", "stuff",
             "{a} cut {b}|{a} went through {b}|{a} cut through {b} easily|{a} sliced {b}",
             "sharp|new|=had just been sharpened", "thin|soft|weak|rotten"),
    relation("reach", "animal", "food item",
             "{a} could not reach {b}|{a} couldn't get {b}|{a} did not reach {b}|{a} didn't get to {b}",
             "short|small|little|tired|slow|lame", "high|=hung too high|=was far away|=was out of reach|=lay on a high shelf|=was up in the tree"),
    relation("sleep_on", "animal", "bed",
             "{a} slept on {b}|{a} lay down on {b}|{a} fell asleep on {b}|{a} rested on {b}|{a} curled up on {b}",
             "tired|sleepy|exhausted|weary|lazy|ill|sick|*", "soft|warm|comfortable|cosy|clean|big"),
    relation("not_sleep_on", "animal", "bed",
             "{a} didn't sleep on {b}|{a} would not lie on {b}|{a} could not sleep on {b}|{a} did not rest on {b}",
             "hungry|nervous|afraid|excited|worried|scared|=had slept all day|=was not sleepy", "hard|wet|cold|dirty|rough|small|uncomfortable"),
    relation("drink", "animal", "water",
             "{a} drank from {b}|{a} ran to {b}|{a} drank out of {b}|{a} stopped at {b}",
             "thirsty|hot|dry|tired|=had run all day|=needed water", "clean|fresh|cool|full|clear|=had clean water|=was full of water"),
    relation("not_drink", "animal", "water",
             "{a} did not drink from {b}|{a} didn't drink from {b}|{a} would not drink from {b}|{a} turned away from {b}|{a} stayed away from {b}",
             "afraid|sick|shy|ill|nervous|scared|=was not thirsty|*", "dirty|empty|frozen|muddy|dry|deep|=smelled bad"),
    relation("swim", "animal", "water crossing",
             "{a} did not swim in {b}|{a} would not go into {b}|{a} didn't jump into {b}|{a} refused to enter {b}",
             TIRED, "cold|deep|dirty|frozen|muddy|icy|shallow|wild"),
    relation("enter", "animal", "building",
             "{a} ran into {b}|{a} went into {b}|{a} hid in {b}|{a} stayed in {b}|{a} slept in {b}|{a} walked into {b}|{a} crept into {b}",
             "scared|cold|wet|tired|afraid|hungry|frightened|sleepy|curious|lost|hurt|*", "warm|dry|safe|open|quiet|empty|cosy|=had a warm fire|=had an open door"),
    relation("not_enter", "animal", "building",
             "{a} did not go into {b}|{a} didn't enter {b}|{a} would not go into {b}|{a} stayed outside {b}|{a} ran out of {b}|{a} left {b}",
             TIRED, "dark|cold|noisy|locked|closed|full|crowded|hot|=was on fire|=had no door|=had no roof"),
    relation("vehicle_cross", "vehicle", "crossing height",
             "{a} did not get across {b}|{a} didn't cross {b}|{a} could not go up {b}|{a} couldn't go over {b}|{a} got stuck on {b}",
             "broken|heavy|slow|rusty|old|overloaded|=had a broken wheel|=had no fuel|=had lost a wheel", "steep|icy|wide|muddy|slippery|flooded|narrow|high|rough"),
    relation("fell", "fragile item", "surface",
             "{a} fell off {b}|{a} slipped from {b}|{a} rolled off {b}|{a} did not stay on {b}",
             "round|heavy|wet|big|=was pushed", "crooked|shaky|slippery|steep|narrow|=had a broken leg|=began to shake|=was not level"),
    relation("hear", "animal", "sound",
             "{a} did not hear {b}|{a} couldn't hear {b}|{a} didn't listen to {b}|{a} took no notice of {b}",
             "deaf|asleep|busy|tired|sleepy|old|=was fast asleep|=was far away", "quiet|soft|faint|low|=was not loud enough"),
    relation("heard", "animal", "sound",
             "{a} ran away from {b}|{a} woke up from {b}|{a} was scared by {b}|{a} jumped when {b} began",
             "nervous|timid|shy|young|frightened|scared", "loud|sudden|noisy|strange|shrill|=was so loud"),
    relation("wear", "clothes", "container",
             "{a} was taken out of {b}|{a} came out of {b}|{a} was left in {b}",
             "clean|wet|dirty|torn|warm|woollen|new", "full|open|broken|empty|locked"),
    relation("see", "animal", "item food animal",
             "{a} did not see {b}|{a} couldn't see {b}|{a} didn't notice {b}|{a} walked past {b}|{a} could not find {b}",
             "blind|asleep|sleepy|busy|tired|old|=had its eyes closed|=was looking the other way", "hidden|tiny|small|=was far away|=was under the bed|=was behind a tree|=was covered with leaves"),
    relation("trample", "animal", "plant",
             "{a} did not eat {b}|{a} didn't step on {b}|{a} left {b} alone|{a} would not touch {b}",
             "full|careful|tired|sick|gentle|shy|*", "dry|dead|withered|thorny|bitter|poisonous|=had sharp thorns"),
    relation("cover", "bed clothes", "furniture item",
             "{a} did not cover {b}|{a} didn't go around {b}|{a} could not cover {b}",
             "small|short|narrow|little|tiny", "big|large|long|wide|huge|tall"),
    relation("sink", "load hard", "water",
             "{a} sank in {b}|{a} fell into {b}|{a} lay at the bottom of {b}|{a} disappeared in {b}",
             "heavy|=was made of iron|=was made of stone|=weighed so much", "deep|muddy|=had no bottom"),
    relation("machine", "machine", "container building",
             "{a} was carried out of {b}|{a} was put into {b}|{a} stayed in {b}",
             "broken|expensive|rusty|loud|=did not work|=had stopped working|=made so much noise", "empty|safe|dry|open|locked|=had enough room"),
    relation("vehicle_house", "vehicle", "building",
             "{a} stood behind {b}|{a} didn't leave {b}|{a} stayed in {b}|{a} did not go into {b}",
             "broken|rusty|slow|heavy|leaking|=had a broken wheel|=had no fuel|=did not start", "locked|closed|dark|full|burnt|=had a narrow door|=had thick walls"),
]

# Where both nouns could be meant and only who did what decides: harder, so drawn more often.
BY_ROLE = {"fit", "fit_easily", "through", "catch", "caught", "chase", "hide", "break", "not_break", "cover", "reach"}
DRAWN = [each for each in RELATIONS for _ in range(3 if each.name in BY_ROLE else 1)]

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

# Sentences in which nothing but what the nouns are like decides; {a} and {b} of different kinds, in either order.
NEUTRAL_CLAUSES = [
    "{a} was near {b}", "we saw {a} beside {b}", "he looked at {a} and then at {b}", "{a} stood next to {b}", "I remember {a} and {b}",
    "there was {a} behind {b}", "he came to {b} with {a}", "we found {a} not far from {b}", "the man left {a} at {b}", "{a} passed {b}", "she had {a} but not {b}",
    "we read about {a} and {b}", "he told us of {a} and {b}", "they kept {a} away from {b}", "{a} came close to {b} in the evening", "my father pointed at {a} in front of {b}",
    "she thought of {a} more than of {b}", "you can see {a} between the trees and {b} further on", "nobody took {a} to {b}", "the girl brought {a} to {b}",
    "they talked about {a} all day, and about {b}", "{a} belongs to the man who has {b}", "I put a sign on {a} and another one on {b}", "take {a}, and leave {b} alone",
    "if you have {b}, you do not need {a}", "it is a long way from {a} to {b}", "the children ran around {a} and {b}", "{a} is older than {b}", "{a} stayed where {b} was",
    "my aunt bought {a} and sold {b}", "we had to choose between {a} and {b}", "{a} did nothing to {b}", "he drew {a} on top of {b}", "she forgot {a} and went on to {b}"]
NEUTRAL_LINKS = [". ", ". ", "; ", ", and ", ", but ", " when ", " while ", " though ", " although ", " until ", " because ", " because ", " since ", " as ", ", for ", " as long as ",
                 ", even if ", ": ", " so often that ", " the day ", ". People say that ", ". Of course ", ". In fact, ", ". I believe ", " as soon as "]
ASIDES = [" for a long time", " at once", " in the end", " all morning", " with us", " again and again", " once more", " this year", ", of course,", " without a word", " on that day", " together"]


def held_out_pair(first, second):
    return hashlib.sha256(f"{first} {second}".encode()).digest()[0] < 51


def nouns_of(kinds):
    return [noun for kind in kinds.split() for noun in NOUNS[kind]]


def choose(random, values):
    return values[int(random.integers(len(values)))]


def predicate(random, given):
    """What follows "it"."""
    chosen = choose(random, given.split("|"))
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
            for kind in kinds.split():
                out[kind].update(given.split("|"))
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
    core = clause(random, choose(random, NEUTRAL_CLAUSES), first, second, random.random() < 0.6)
    # A clause may name {b} before {a}: the tags follow the nouns, not the places.
    text = choose(random, ANIMATE_PHRASES) if kinds[0] == "animal" and random.random() < 0.15 else predicate(random, choose(random, fits))
    link, aside = choose(random, NEUTRAL_LINKS), choose(random, ASIDES) if random.random() < 0.3 else ""
    it_clause = [("it", "it"), (" " + text, "cue")]
    if link == ". ":
        it_clause = capital(it_clause)
    parts = capital(core) + [(aside + link, "")] + it_clause + ([(".", "")] if random.random() < 0.7 else [])
    return Item(parts, "second" if swap else "first", first, second, "plain")


def pair(random, testing=False, held_template=False):
    """Two Items, alike but for the predicate; for training the caller takes one of them."""
    while True:
        each = choose(random, RELATIONS if testing else DRAWN)
        first, second = choose(random, nouns_of(each.first)), choose(random, nouns_of(each.second))
        if first != second and held_out_pair(first, second) == testing:
            break
    wording = each.wordings[-1] if held_template else choose(random, each.wordings[:-1])
    reversed_ = not held_template and random.random() < 0.12
    form = choose(random, TEST_REASONS if held_template else REVERSED if reversed_ else REASONS)
    plain, opening, ending = random.random() < 0.6, choose(random, OPENINGS), choose(random, ENDINGS)
    core = clause(random, wording, first, second, plain)
    if not testing and not reversed_ and random.random() < 0.2:
        core.append((choose(random, ASIDES), ""))
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
    texts = [text for each in RELATIONS for text in (*each.wordings, each.of_first, each.of_second)]
    texts += [p for values in ALWAYS.values() for p in values] + ANIMATE_PHRASES + NEUTRAL + OWNERS + OPENINGS + ENDINGS + DEGREES + LOOKS
    for text in texts:
        out.update(w for w in text.replace("{a}", " ").replace("{b}", " ").replace("|", " ").replace("=", " ").split())
    return {w.strip(".,;:") for w in out if w.strip(".,;:*").isalpha()}
