"""English sentences, their Chinese translation, and which English word each Chinese word comes from.

A word of English is an object; a word of Chinese names the object it stands for, so the gold alignment follows from how the sentence
was built. Time and place move before the verb, a relative clause before its noun, "is there" behind its place. A sixth of the triples
(subject, verb, object) and of the pairs (time, place) are kept for testing: a test sentence holds at least one of them,
a training sentence none.
"""
import dataclasses
import hashlib


class Word:
    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


@dataclasses.dataclass
class Phrase:
    english: list  # of Word
    chinese: list  # of (text, Word it comes from)
    key: str = ""  # its head word
    third: bool = True  # he, she, it: the verb takes an s


NAMES = [("Tom", "汤姆"), ("Jerry", "杰瑞"), ("Mary", "玛丽"), ("Anna", "安娜"), ("Peter", "彼得"), ("Lily", "莉莉"), ("Lucy", "露西"), ("Sam", "山姆"),
         ("Jack", "杰克"), ("Alice", "爱丽丝")]
# singular, plural, Chinese, measure word
BEINGS = [("cat", "cats", "猫", "只"), ("dog", "dogs", "狗", "只"), ("mouse", "mice", "老鼠", "只"), ("bird", "birds", "鸟", "只"), ("horse", "horses", "马", "匹"),
          ("rabbit", "rabbits", "兔子", "只"), ("tiger", "tigers", "老虎", "只"), ("animal", "animals", "动物", "只"), ("teacher", "teachers", "老师", "位"),
          ("boy", "boys", "男孩", "个"), ("girl", "girls", "女孩", "个"), ("king", "kings", "国王", "位"), ("queen", "queens", "王后", "位"),
          ("farmer", "farmers", "农夫", "位"), ("doctor", "doctors", "医生", "位"), ("child", "children", "孩子", "个"), ("friend", "friends", "朋友", "位")]
FOODS = [("apple", "apples", "苹果", "个"), ("cake", "cakes", "蛋糕", "块"), ("fish", "fish", "鱼", "条"), ("egg", "eggs", "鸡蛋", "个"), ("banana", "bananas", "香蕉", "根"),
         ("carrot", "carrots", "胡萝卜", "根")]
THINGS = [("book", "books", "书", "本"), ("ball", "balls", "球", "个"), ("flower", "flowers", "花", "朵"), ("letter", "letters", "信", "封"), ("hat", "hats", "帽子", "顶"),
          ("picture", "pictures", "图画", "张"), ("chair", "chairs", "椅子", "把"), ("box", "boxes", "箱子", "个"), ("clock", "clocks", "钟", "个")]
DRINKS = [("water", "水"), ("milk", "牛奶"), ("tea", "茶"), ("juice", "果汁")]
# base, with s, past, -ing, Chinese
ON_BEINGS = [("chase", "chases", "chased", "chasing", "追逐"), ("see", "sees", "saw", "seeing", "看见"), ("like", "likes", "liked", "liking", "喜欢"),
             ("help", "helps", "helped", "helping", "帮助"), ("hear", "hears", "heard", "hearing", "听见"), ("find", "finds", "found", "finding", "找到"),
             ("follow", "follows", "followed", "following", "跟随"), ("love", "loves", "loved", "loving", "爱"), ("visit", "visits", "visited", "visiting", "拜访"),
             ("know", "knows", "knew", "knowing", "认识"), ("thank", "thanks", "thanked", "thanking", "感谢"), ("teach", "teaches", "taught", "teaching", "教")]
ON_FOODS = [("eat", "eats", "ate", "eating", "吃"), ("buy", "buys", "bought", "buying", "买"), ("cook", "cooks", "cooked", "cooking", "煮"),
            ("want", "wants", "wanted", "wanting", "想要"), ("like", "likes", "liked", "liking", "喜欢")]
ON_THINGS = [("buy", "buys", "bought", "buying", "买"), ("sell", "sells", "sold", "selling", "卖"), ("find", "finds", "found", "finding", "找到"),
             ("draw", "draws", "drew", "drawing", "画"), ("see", "sees", "saw", "seeing", "看见"), ("carry", "carries", "carried", "carrying", "搬"),
             ("lose", "loses", "lost", "losing", "丢失"), ("want", "wants", "wanted", "wanting", "想要"), ("wash", "washes", "washed", "washing", "洗")]
ON_DRINKS = [("drink", "drinks", "drank", "drinking", "喝"), ("buy", "buys", "bought", "buying", "买"), ("like", "likes", "liked", "liking", "喜欢"),
             ("bring", "brings", "brought", "bringing", "带来")]
ALONE = [("sleep", "sleeps", "slept", "sleeping", "睡觉"), ("run", "runs", "ran", "running", "跑步"), ("swim", "swims", "swam", "swimming", "游泳"),
         ("sing", "sings", "sang", "singing", "唱歌"), ("dance", "dances", "danced", "dancing", "跳舞"), ("play", "plays", "played", "playing", "玩耍"),
         ("cry", "cries", "cried", "crying", "哭"), ("laugh", "laughs", "laughed", "laughing", "笑"), ("work", "works", "worked", "working", "工作"),
         ("rest", "rests", "rested", "resting", "休息"), ("sit", "sits", "sat", "sitting", "坐"), ("wait", "waits", "waited", "waiting", "等待")]
# English, its word that counts, Chinese, tense it asks for
TIMES = [("today", 0, "今天", ""), ("every day", 1, "每天", "present"), ("in the morning", 2, "早上", ""), ("in the evening", 2, "晚上", ""), ("on Sunday", 1, "星期天", ""),
         ("at noon", 1, "中午", ""), ("yesterday", 0, "昨天", "past"), ("last week", 1, "上周", "past"), ("tomorrow", 0, "明天", "future"), ("next year", 1, "明年", "future")]
# English, its noun, Chinese noun, what stands behind it
PLACES = [("in the garden", 2, "花园", "里"), ("in the park", 2, "公园", "里"), ("in the kitchen", 2, "厨房", "里"), ("in the forest", 2, "森林", "里"),
          ("in the house", 2, "房子", "里"), ("at school", 1, "学校", ""), ("at home", 1, "家", ""), ("on the street", 2, "街", "上"), ("on the bridge", 2, "桥", "上"),
          ("under the tree", 2, "树", "下"), ("by the river", 2, "河", "边"), ("in Beijing", 1, "北京", ""), ("on the roof", 2, "屋顶", "上"),
          ("by the lake", 2, "湖", "边")]
ADJECTIVES = [("big", "大"), ("small", "小"), ("little", "小"), ("black", "黑色的"), ("white", "白色的"), ("red", "红色的"), ("new", "新"), ("clever", "聪明的"),
              ("happy", "快乐的"), ("beautiful", "美丽的"), ("good", "好"), ("quiet", "安静的")]
STATES = [("tired", "累"), ("hungry", "饿"), ("happy", "快乐"), ("thirsty", "渴"), ("clever", "聪明"), ("sad", "伤心"), ("busy", "忙"), ("afraid", "害怕"), ("angry", "生气"),
          ("young", "年轻")]
PRONOUNS = [("I", "me", "my", "我"), ("you", "you", "your", "你"), ("he", "him", "his", "他"), ("she", "her", "her", "她"), ("we", "us", "our", "我们"),
            ("they", "them", "their", "他们")]
NUMBERS = [("two", "两"), ("three", "三"), ("four", "四"), ("five", "五"), ("many", "许多"), ("ten", "十")]
ADVERBS = [("often", "经常"), ("always", "总是"), ("never", "从不"), ("also", "也"), ("sometimes", "有时")]

STATIVE = {"like", "love", "know", "want", "see", "hear", "find", "lose"}


def held_out(*combination):
    return hashlib.sha256(" ".join(combination).encode()).digest()[0] < 43


class Maker:
    """Draws sentences; `held` says whether the last one holds a combination that is kept for testing."""

    def __init__(self, random):
        self.random, self.held = random, False

    def pick(self, values):
        return values[int(self.random.integers(len(values)))]

    def chance(self, share):
        return self.random.random() < share

    def noun(self, nouns, relative=0.0):
        """the big cat / two cats / this cat / Tom's cat / the cat that Tom likes"""
        singular, plural, chinese, measure = self.pick(nouns)
        kind = self.random.random()
        before, front, number = [], [], singular
        if kind < 0.4:
            before.append(Word("the"))
        elif kind < 0.55:
            one = Word("a")
            before, front = [one], [("一", one), (measure, None)]
        elif kind < 0.72:
            english, count = self.pick(NUMBERS)
            many, number = Word(english), plural
            before, front = [many], [(count, many)] + ([] if english == "many" else [(measure, None)])
        elif kind < 0.82:
            english, this = self.pick([("this", "这"), ("that", "那")])
            one = Word(english)
            before, front = [one], [(this, one), (measure, None)]
        elif kind < 0.92:
            english, owner = self.pick(NAMES)
            name, of = Word(english), Word("'s")
            before, front = [name, of], [(owner, name), ("的", of)]
        else:
            _, _, english, owner = self.pick(PRONOUNS)
            mine = Word(english)
            before, front = [mine], [(owner, mine), ("的", mine)]
        if self.chance(0.25):
            english, like = self.pick(ADJECTIVES)
            adjective = Word(english)
            before.append(adjective)
            front.append((like, adjective))
        if before[0].text == "a" and (before[1].text if len(before) > 1 else number)[0] in "aeiou":
            before[0].text = "an"
        head = Word(number)
        front = [(text, head if word is None else word) for text, word in front]
        phrase = Phrase(before + [head], front + [(chinese, head)], singular, number == singular)
        if kind < 0.4 and self.chance(relative):
            return self.with_relative(phrase)
        return phrase

    def with_relative(self, phrase):
        """the dog that Tom likes -> 汤姆 喜欢 的 狗"""
        that, other, verb = Word("that"), self.name(), self.pick(ON_BEINGS)
        if self.chance(0.5):
            doing = Word(verb[1])
            clause, front = [that, *other.english, doing], [*other.chinese, (verb[4], doing), ("的", that)]
        else:
            doing = Word(verb[1] if phrase.third else verb[0])
            clause, front = [that, doing, *other.english], [(verb[4], doing), *other.chinese, ("的", that)]
        return Phrase(phrase.english + clause, front + phrase.chinese, phrase.key, phrase.third)

    def name(self):
        english, chinese = self.pick(NAMES)
        word = Word(english)
        return Phrase([word], [(chinese, word)], english)

    def pronoun(self, case):
        forms = self.pick(PRONOUNS)
        word = Word(forms[case])
        return Phrase([word], [(forms[3], word)], forms[0], forms[0] in ("he", "she"))

    def being(self, case, relative=0.12):
        kind = self.random.random()
        if kind < 0.35:
            return self.name()
        if kind < 0.5:
            return self.pronoun(case)
        if kind < 0.58:
            one, also, two = self.name(), Word("and"), self.name()
            return Phrase(one.english + [also] + two.english, one.chinese + [("和", also)] + two.chinese, one.key, False)
        return self.noun(BEINGS, relative)

    def doing(self):
        """(verb, object or None)"""
        kind = self.random.random()
        if kind < 0.35:
            return self.pick(ON_BEINGS), self.being(1)
        if kind < 0.5:
            return self.pick(ON_FOODS), self.noun(FOODS)
        if kind < 0.65:
            return self.pick(ON_THINGS), self.noun(THINGS)
        if kind < 0.72:
            english, chinese = self.pick(DRINKS)
            word = Word(english)
            return self.pick(ON_DRINKS), Phrase([word], [(chinese, word)], english)
        return self.pick(ALONE), None

    def verb_group(self, verb, subject, tense):
        """(English words before and with the verb, Chinese words that come before place and company, the verb's own)"""
        base, third, past, going, chinese = verb
        form = self.pick(["plain"] * 5 + ["not", "not", "going", "can", "want"]) if tense in ("", "present") else tense
        singular = subject.third
        if base in STATIVE and form in ("going", "can", "want"):
            form = "plain"
        if form == "past":
            form = self.pick(["past", "past", "past", "did not"])
        is_ = "am" if subject.key == "I" else "is" if singular else "are"
        if form == "plain":
            doing = Word(third if singular else base)
            if self.chance(0.12):
                adverb, how = self.pick(ADVERBS)
                often = Word(adverb)
                return [often, doing], [(how, often)], [(chinese, doing)]
            return [doing], [], [(chinese, doing)]
        if form == "past":
            doing = Word(past)
            return [doing], [], [(chinese, doing), ("了", doing)]
        if form == "future":
            will, doing = Word("will"), Word(base)
            return [will, doing], [("会", will)], [(chinese, doing)]
        if form in ("not", "did not"):
            does = "did" if form == "did not" else "does" if singular else "do"
            no, doing = Word("not"), Word(base)
            helper = [Word(does), no]
            if self.chance(0.4):
                no = Word("'t")
                helper = [Word(does + "n"), no]
            return [*helper, doing], [("没有" if form == "did not" else "不", no)], [(chinese, doing)]
        if form == "going":
            being, doing = Word(is_), Word(going)
            return [being, doing], [("正在", being)], [(chinese, doing)]
        if form == "can":
            can, doing = Word("can"), Word(base)
            return [can, doing], [("能", can)], [(chinese, doing)]
        wants, doing = Word("wants" if singular else "want"), Word(base)
        return [wants, Word("to"), doing], [("想", wants)], [(chinese, doing)]

    def time(self):
        english, counts, chinese, tense = self.pick(TIMES)
        words = [Word(text) for text in english.split()]
        return Phrase(words, [(chinese, words[counts])], english), tense

    def place(self):
        english, counts, chinese, behind = self.pick(PLACES)
        words = [Word(text) for text in english.split()]
        out = [("在", words[0]), (chinese, words[counts])]
        return Phrase(words, out + ([(behind, words[0])] if behind else []), english)

    def action(self):
        """Who does what, where, when, with whom."""
        subject = self.being(0)
        time, tense = self.time() if self.chance(0.5) else (None, self.pick(["", "", "", "past", "future"]))
        place = self.place() if self.chance(0.4) else None
        verb, thing = self.doing()
        self.note(subject.key, verb[0], thing.key if thing else "")
        if time and place:
            self.note(time.key, place.key)
        english, ahead, own = self.verb_group(verb, subject, tense)
        with_english, with_chinese = [], []
        if self.chance(0.1):
            along, who = Word("with"), self.name()
            with_english, with_chinese = [along, *who.english], [("和", along), *who.chinese, ("一起", along)]
        tail = (thing.english if thing else []) + with_english + (place.english if place else [])
        middle = ahead + with_chinese + (place.chinese if place else []) + own + (thing.chinese if thing else [])
        if time and self.chance(0.35):
            return Phrase(time.english + subject.english + english + tail, time.chinese + subject.chinese + middle)
        return Phrase(subject.english + english + tail + (time.english if time else []),
                      subject.chinese + (time.chinese if time else []) + middle)

    def state(self):
        """The cat is not hungry."""
        subject, (english, chinese) = self.being(0), self.pick(STATES)
        is_ = Word("am" if subject.key == "I" else "is" if subject.third else "are")
        self.note(subject.key, "is", english)
        state, kind = Word(english), self.random.random()
        if kind < 0.25:
            no = Word("not")
            return Phrase(subject.english + [is_, no, state], subject.chinese + [("不", no), (chinese, state)])
        if kind < 0.45:
            very = Word("very")
            return Phrase(subject.english + [is_, very, state], subject.chinese + [("非常", very), (chinese, state)])
        return Phrase(subject.english + [is_, state], subject.chinese + [("很", is_), (chinese, state)])

    def there_is(self):
        """There is a cat in the garden. -> 花园 里 有 一 只 猫"""
        place = self.place()
        while not (thing := self.noun(self.pick([BEINGS, THINGS]))).english[0].text in ("a", "an", *(n for n, _ in NUMBERS)):
            pass
        self.note(place.key, thing.key)
        is_ = Word("is" if thing.third else "are")
        return Phrase([Word("there"), is_] + thing.english + place.english, place.chinese[1:] + [("有", is_)] + thing.chinese)

    def question(self):
        subject, (verb, thing) = self.being(0, 0), self.doing()
        self.note(subject.key, verb[0], thing.key if thing else "")
        place = self.place() if self.chance(0.3) else None
        does, doing = Word("does" if subject.third else "do"), Word(verb[0])
        english = [does] + subject.english + [doing] + (thing.english if thing else []) + (place.english if place else [])
        chinese = subject.chinese + (place.chinese if place else []) + [(verb[4], doing)] + (thing.chinese if thing else []) + [("吗", does)]
        return Phrase(english, chinese)

    def because(self):
        one, why, two = self.action(), Word("because"), self.state()
        return Phrase(one.english + [why] + two.english, one.chinese + [("因为", why)] + two.chinese)

    def note(self, *combination):
        self.held = self.held or held_out(*combination)

    def sentence(self, testing):
        """(English pieces with their blanks, Chinese words, for each Chinese word the index of its English piece)"""
        while True:
            self.held, kind = False, self.random.random()
            make = (self.action if kind < 0.62 else self.state if kind < 0.72 else self.there_is if kind < 0.8 else
                    self.question if kind < 0.9 else self.because)
            phrase = make()
            if self.held == testing and len(phrase.english) < 28:
                break
        end, stop = ("?", "？") if make == self.question else (".", "。")
        if self.chance(0.6) or make == self.question:
            mark = Word(end)
            phrase.english.append(mark)
            phrase.chinese.append((stop, mark))
        place = {id(word): at for at, word in enumerate(phrase.english)}
        pieces = [("" if at == 0 or word.text[0] in "'.?" else " ") + word.text for at, word in enumerate(phrase.english)]
        if not self.chance(0.12):
            pieces[0] = pieces[0][0].upper() + pieces[0][1:]
        return pieces, [text for text, _ in phrase.chinese], [place[id(word)] for _, word in phrase.chinese]
