"""Words with two meanings: one sentence settles which, the next says something that is true of this meaning alone.

"We walked along the river. The bank was muddy." / "We took our coins to town. The bank was closed."
The last clue of each meaning is kept for testing (so is every combination of it with what is said).
"""
import dataclasses

SENSES = [
    # word, then for each meaning: clues (the last is for testing) and what is said of it; the clue's word is marked *so*
    ("bank", "We walked along the *river*|They went fishing in the *stream*|The boat lay on the *river*|He swam across the *river*|The *water* was high|The fish swam in the *river*",
     "muddy|steep|grassy|wet|green", "He took his *money* to town|She wanted to save her *coins*|They had a lot of *gold*|He needed some *money*|She earned *money*|He counted his *money*",
     "closed|open|rich|locked|busy"),
    ("bat", "A *wing* moved in the dark cave|Something *flew* out of the cave|The *owl* and the mouse woke at night|Something *flew* past the moon|It *flew* around the attic",
     "hungry|furry|asleep|awake|alive", "The boy hit the *ball*|They played a *game* after school|He threw the *ball*|The *team* came to play|She caught the *ball*",
     "wooden|broken|long|new|heavy"),
    ("ring", "The *finger* was too thick|The *princess* was to marry the prince|She wore it on her *finger*|The *bride* smiled|He put it on her *finger*",
     "golden|pretty|shiny|lost|precious", "The *telephone* woke us|Somebody was at the *door*|The *bell* called us|The *alarm* began|We heard the *bell*",
     "loud|shrill|sudden|faint|short"),
    ("bark", "The *dog* saw a stranger|The *puppy* was angry|The *wolf* came near|The *hound* ran to us|My *dog* heard a noise",
     "loud|fierce|shrill|sudden|angry", "The *tree* stood in the wood|An *oak* grew there|The *trunk* was thick|The *branch* fell down|The old *tree* was tall",
     "brown|rough|dry|thick|hard"),
    ("spring", "The *winter* was over|The *snow* melted|After the *winter* came sun|The *flowers* began to grow|The cold *winter* ended",
     "warm|early|late|sunny|near", "The *water* came out of the rock|They were *thirsty*|We drank the *water*|She filled her *bucket*|He wanted to *drink*",
     "clear|fresh|deep|cool|clean"),
    ("match", "They played *football*|The *team* was ready|Both *teams* ran fast|The *players* came|The best *team* won",
     "exciting|long|over|fair|lost", "He wanted to light the *fire*|The *candle* was out|She lit the *lamp*|They made a *fire*|It was for the *fire*",
     "wet|lit|burnt|small|damp"),
    ("nail", "She cut her *finger*|Her *thumb* hurt|He bit his *finger*|She painted her *toe*|He washed his *fingers*",
     "clean|pink|dirty|soft|red", "He took the *hammer*|The *board* was loose|He built a *shed*|The *picture* fell down|She used a *hammer*",
     "rusty|bent|iron|sharp|crooked"),
    ("trunk", "The *elephant* drank|An *elephant* came by|The grey *elephant* stood there|The *elephant* lifted a log|We saw an *elephant*",
     "grey|strong|wet|raised|soft", "They packed for the *journey*|He put his *clothes* away|She packed her *shirts*|We went on a *journey*|She folded her *clothes*",
     "full|locked|packed|open|empty"),
    ("palm", "She opened her *hand*|He held the coin in his *hand*|The *thumb* and the fingers hurt|He shook my *hand*|She washed her *hand*",
     "open|warm|empty|dirty|soft", "They came to the *desert*|The *island* was hot|We rested on the *beach*|The *coconut* fell down|It grew on the *island*",
     "tall|green|leafy|high|shady"),
    ("seal", "It swam in the *sea*|The *ice* was cold|It lay on the *ice*|It dived for *fish*|It ate a *fish*",
     "hungry|fat|wet|playful|asleep", "She opened the *letter*|The king signed the *letter*|The *envelope* came|He closed the *envelope*|He wrote a *letter*",
     "red|broken|royal|fresh|new"),
    ("letter", "The *postman* came|She opened the *envelope*|He *posted* it to his aunt|There was a *stamp* on it|The *post* arrived",
     "long|late|sad|sealed|lost", "She learned to *spell*|He could not *spell* the word|The *alphabet* hung there|She wrote her *name*|They learned the *alphabet*",
     "missing|big|wrong|silent|capital"),
    ("star", "We looked at the *sky*|The *moon* came up|The *night* was clear|The *sky* was dark|The *moon* was full",
     "bright|far|high|distant|tiny", "We watched the *film*|The *actor* sang|She went to the *theatre*|The *film* was over|The *theatre* was full",
     "famous|rich|proud|beautiful|happy"),
]


@dataclasses.dataclass
class Item:
    parts: list  # [(text, tag)]; tags: clue, word, answer
    answers: list  # what could be said of this meaning
    others: list  # of the other one


def parted(clue):
    before, word, after = clue.split("*")
    return [(text, tag) for text, tag in ((before, ""), (word, "clue"), (after, "")) if text]


def item(random, testing=False, word=None, meaning=None):
    chosen = SENSES[int(random.integers(len(SENSES)))] if word is None else word
    meaning = int(random.integers(2)) if meaning is None else meaning
    clues, said = chosen[1 + 2 * meaning].split("|"), chosen[2 + 2 * meaning].split("|")
    other = chosen[4 - 2 * meaning].split("|")
    clue = clues[-1] if testing else clues[int(random.integers(len(clues) - 1))]
    answer = said[int(random.integers(len(said)))]
    verb = ("was", "was", "was very", "is", "looked")[0 if testing else int(random.integers(5))]
    parts = parted(clue) + [(". The ", ""), (chosen[0], "word"), (f" {verb} ", ""), (answer, "answer")]
    if random.random() < 0.7:
        parts.append((".", ""))
    return Item(parts, [a for a in said if a not in other], [a for a in other if a not in said])


def words():
    out = set()
    for word, *texts in SENSES:
        out.add(word)
        for text in texts:
            out.update(w.strip("*.,") for w in text.replace("|", " ").split())
    return out
