"""Tokenizer and chat sequences. The runtime builds the same sequences from the manifest (models/runtime)."""
import os
import re

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

PAD, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
BOI, EOI, IMAGE_PAD = "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"
SPECIAL = [PAD, IM_START, IM_END, BOI, EOI, IMAGE_PAD]
TOKENS = 81

TEMPLATES = {
    "generate": {"en": "generate an image: {}", "zh": "生成图像：{}"},
    "edit": {"en": "<image> {}", "zh": "<image> {}"},
    "understand": {"en": "{}", "zh": "{}"},
}
# What asks for a longer prompt, and is answered by one; the manifest's `polishing` names it.
POLISH = {"en": "expand the prompt: {}", "zh": "扩写提示词：{}"}
NO_PICTURE = {"en": "please add a picture", "zh": "请添加一张图片"}
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def train_tokenizer(lines, path, size=1600):
    """Byte-level BPE in which a Chinese character is at most one token, and words are merged whole."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    chat = ["user\n", "assistant\n"] * 50
    chat += [t[k] for t in TEMPLATES.values() for k in t] * 50 + list(NO_PICTURE.values()) * 50
    tokenizer.train_from_iterator(list(lines) + chat, trainer)
    tokenizer.save(path)
    return tokenizer


class Text:
    """Rows (ids, labels, start of the source image, start of the target image, nouns, reads).

    Labels are -1 where nothing is learned, starts None where there is no such image; nouns are pairs of a
    position and the class that the word ending there names; reads are triples of a position in an answer and
    those of the first and the last noun of its question.
    """

    def __init__(self, folder, names, lines=None):
        """names: every word for a class, in lower case, to its index."""
        path = os.path.join(folder, "tokenizer.json")
        if not os.path.exists(path):
            train_tokenizer(lines, path)
        self.tokenizer = Tokenizer.from_file(path)
        self.size = self.tokenizer.get_vocab_size()
        self.id = {s: self.tokenizer.token_to_id(s) for s in SPECIAL}
        self.classes = names
        longest = sorted(self.classes, key=len, reverse=True)
        self.noun = re.compile("|".join(rf"\b{re.escape(n)}\b" if n.isascii() else n for n in longest))

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def nouns(self, content):
        """(index of the last token, class) of every class that the content names."""
        ends = [end for _, end in self.tokenizer.encode(content, add_special_tokens=False).offsets]
        found = [(m.end(), self.classes[m.group()]) for m in self.noun.finditer(content.lower())]
        return [(ends.index(end), cls) for end, cls in found if end in ends]

    def image_turn(self, record, task, source):
        """One instruction answered by an image."""
        template = TEMPLATES[task][record["l"]]
        content = template.format(record["t"])
        ids, at, nouns = self.opening(content, source)
        start = len(ids)
        ids = ids + [self.id[BOI]] + [self.id[IMAGE_PAD]] * TOKENS + [self.id[EOI]]
        labels = [-1] * len(ids)
        labels[start - 1] = self.id[BOI]
        labels[start + TOKENS] = self.id[EOI]
        labels[start + TOKENS + 1] = self.id[IM_END]
        return ids, labels, at, start + 1, nouns, []

    def opening(self, content, source):
        """The user's turn up to where the assistant answers, the source image's start, and the nouns."""
        at = None
        head = [self.id[IM_START]] + self.encode("user\n")
        if source:
            at = len(head) + 1
            head += [self.id[BOI]] + [self.id[IMAGE_PAD]] * TOKENS + [self.id[EOI]]
            content = content.replace("<image>", "")
            if not content.startswith(" "):
                content = " " + content
        tail = [self.id[IM_END]] + self.encode("\n") + [self.id[IM_START]] + self.encode("assistant\n")
        nouns = [(len(head) + i, cls) for i, cls in self.nouns(content)]
        return head + self.encode(content) + tail, at, nouns

    def polish(self, record):
        """A short prompt answered by a long one, without a picture."""
        turn, at, nouns = self.opening(POLISH[record["l"]].format(record["t"]), False)
        answer = self.encode(record["a"]) + [self.id[IM_END]]
        return turn + answer + self.encode("\n"), [-1] * (len(turn) - 1) + answer + [-1] * 2, at, None, nouns, []

    def questions(self, record, picture=True):
        """A dialogue about one image; every answer is learned. Without a picture, every answer asks for one."""
        ids, labels, at, nouns, reads = [], [], None, [], []
        for i, (question, answer) in enumerate(record["qa"]):
            turn, where, named = self.opening(question, picture and i == 0)
            named = [(len(ids) + p, cls) for p, cls in named]
            nouns += named
            at = where if i == 0 else at
            answer_ids = self.encode(answer if picture else NO_PICTURE[record["l"]]) + [self.id[IM_END]]
            if named:
                start = len(ids) + len(turn) - 1
                reads += [(start + j, named[0][0], named[-1][0]) for j in range(len(answer_ids))]
            ids += turn + answer_ids + self.encode("\n")
            labels += [-1] * (len(turn) - 1) + answer_ids + [-1] * 2
        return ids, labels, at, None, nouns, reads
