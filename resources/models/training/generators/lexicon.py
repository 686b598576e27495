"""Nouns by kind, and what is said of each kind alone. A noun is one word; a predicate is what may follow "it was (too)"."""

NOUNS = {
    "animal": "animal cat dog horse cow pig sheep goat fox wolf bear lion tiger mouse rabbit monkey elephant donkey camel duck hen"
              " goose bird deer frog squirrel kitten puppy lamb pony hare creature beast snake turtle rat bull calf chicken".split(),
    "crossing": "street road river bridge field stream valley desert lake brook square ditch meadow swamp highway path".split(),
    "height": "hill mountain tree wall fence ladder tower rock cliff roof slope gate".split(),
    "container": "box bag suitcase basket bottle jar cup drawer cupboard pocket trunk bucket case pot barrel chest shelf".split(),
    "item": "trophy ball book toy doll coat lamp drum kite hat shoe pillow blanket picture plate letter violin statue helmet".split(),
    "food": "apple cake bread cheese soup pie carrot bone meat pear plum nut honey milk cookie sandwich egg banana corn bun".split(),
    "load": "box stone table piano sack log cart barrel chair rock chest sofa wardrobe boulder crate bench trunk".split(),
    "fragile": "window vase glass plate mirror bottle bowl egg cup jar lamp teapot".split(),
    "hard": "hammer stone ball rock brick axe pan stick spoon bat".split(),
    "vehicle": "cart boat ship train car wagon carriage truck bus bicycle sled van".split(),
    "building": "house barn castle hut cottage shop school cave tent stable church tunnel cellar attic room".split(),
    "bed": "bed rug sofa mat pillow cushion blanket straw chair hay".split(),
    "water": "river lake pond stream bucket bowl puddle well fountain trough".split(),
    "clothes": "coat hat shirt dress scarf glove sock jacket sweater cloak".split(),
    "plant": "flower rose bush grass seed plant vine tulip".split(),
    "tool": "knife saw axe blade sword".split(),
    "stuff": "rope cheese wood bread branch thread meat leather wire cloth paper".split(),
    "opening": "door gate window hole tunnel gap hallway doorway".split(),
    "furniture": "sofa table piano wardrobe bed desk bench couch cupboard".split(),
    "sound": "bell whistle song music voice drum alarm horn".split(),
    "surface": "table shelf chair wall roof bench desk stool".split(),
    "machine": "clock radio machine engine computer phone lamp robot oven".split(),
}

# Said of this kind whatever happened: what it is like.
ALWAYS = {
    "animal": "tired hungry thirsty afraid scared frightened sleepy weak lazy ill sick angry shy lame nervous lonely hurt brave exhausted"
              " weary young blind clever bored worried happy unhappy sad curious".split(),
    "crossing": "wide busy crowded icy slippery muddy flooded dusty dangerous broad narrow noisy".split(),
    "height": "high tall steep slippery smooth".split(),
    "food": "sweet sour rotten stale ripe fresh delicious bitter tasty salty".split(),
    "load": "heavy".split(),
    "fragile": "fragile thin delicate cracked".split(),
    "vehicle": "broken rusty slow leaking".split(),
    "building": "dark empty locked closed crowded cold warm noisy dusty".split(),
    "bed": "soft warm comfortable cosy hard rough".split(),
    "water": "dirty clean deep frozen cool muddy cold".split(),
    "clothes": "torn tight wet dirty ragged loose".split(),
    "plant": "dry dead withered thorny".split(),
    "sound": "quiet soft faint loud".split(),
    "machine": "broken old rusty cheap expensive".split(),
}
# Verb phrases that only an animal's "it" takes, whole.
ANIMATE_PHRASES = ["wanted to sleep", "wanted to go home", "felt ill", "had a sore foot", "had hurt its leg", "needed a rest", "had not slept",
                   "had not eaten", "was looking for food", "felt sleepy", "felt lonely", "had been running all day", "had eaten too much",
                   "was in a hurry", "was out of breath", "had lost its mother", "felt tired", "felt afraid", "was about to fall asleep"]
NEUTRAL = "little old brown black white poor same other first second strange new".split()
OWNERS = ["the", "the", "the", "the", "the", "the", "a", "my", "our", "his", "her", "that", "this"]
