"""clean_text, held against the very lines of the tutorials that it stands for."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path
from typing import Any

import pytest
from pinned import draft, dump, pin, step
from running import brought_up
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from test_derived_steps import proved, refused

from picklepod_sidecar.clean_text import cleaner
from picklepod_sidecar.problems import Refusal

STOP_WORDS = ["i", "me", "the", "is", "was", "not", "don", "t", "you", "your", "to", "a", "it", "s"]
TEXTS = [
    "I LOVED the movie!!! It's the best, don't you think?",
    "Awful... 2 hours of my life, wasted; running running RAN.",
    "Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005. Text FA to 87121",
    "naïve café — “quoted” text\twith\nlines",
    "",
    "Dr. Smith went home. He was, e.g., tired at 5. then he slept. so did i.",
    "U dun say so early hor... U c already then say...",
    "flies dies mules denied agreed owned humbled sized meeting stating",
]
PLAIN = {
    "lower": False,
    "keep": "all",
    "punctuation": "keep",
    "digits": "keep",
    "split": "words",
    "alphanumeric": False,
    "stop_words": [],
    "stemming": "none",
}


def outputs_of(folder: Path, texts: Any = None, **options: Any) -> Any:
    steps = [step("clean_text", "cleaned", column="text", **{**PLAIN, **options})]
    rows = [[text] for text in (texts or TEXTS) * 8]
    description, outputs = proved(folder, draft(steps, ["cleaned"], 16, texts=["text"]), {"texts": rows})
    assert description["tensors"]["cleaned"] == {"datatype": "BYTES", "columns": None}
    return outputs["cleaned"][: len(texts or TEXTS)].tolist()


def test_words_are_joined_by_one_blank_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    assert outputs_of(tmp_path) == [" ".join(text.split()) for text in TEXTS]


def test_letters_alone_without_stop_words(tmp_path: Path) -> None:
    def tutorial(text: str) -> str:
        words = re.sub("[^a-zA-Z]", " ", text.lower()).split()
        return " ".join(word for word in words if word not in set(STOP_WORDS))

    cleaned = outputs_of(tmp_path, lower=True, keep="letters", stop_words=STOP_WORDS)
    assert cleaned == [tutorial(text) for text in TEXTS]
    assert cleaned[0] == "loved movie best think"


def test_letters_and_digits(tmp_path: Path) -> None:
    cleaned = outputs_of(tmp_path, keep="letters_and_digits")
    assert cleaned == [" ".join(re.sub("[^a-zA-Z0-9]", " ", text).split()) for text in TEXTS]


@pytest.mark.parametrize("how, instead", [("remove", ""), ("space", " ")])
def test_punctuation_and_digits_go(tmp_path: Path, how: str, instead: str) -> None:
    def tutorial(text: str) -> str:
        text = "".join(instead if mark in string.punctuation else mark for mark in text)
        return " ".join(re.sub("[0-9]", "", text).split())

    assert outputs_of(tmp_path, punctuation=how, digits="remove") == [tutorial(text) for text in TEXTS]


def test_columns_of_a_list_keep_their_names_for_the_vectorizer(tmp_path: Path) -> None:
    texts = [f"{text} {i % 3}" for i, text in enumerate(TEXTS * 8)]
    clean = [" ".join(text.lower().split()) for text in texts]
    vectorizer = TfidfVectorizer().fit(clean)
    model = MultinomialNB().fit(vectorizer.transform(clean), [i % 2 for i in range(64)])
    dump(tmp_path, vectorizer=vectorizer, model=model)
    steps = [
        step("clean_text", "cleaned", columns=["title", "text"], **{**PLAIN, "lower": True}),
        step("transform", "words", "vectorizer", columns=["text"], as_="text"),
        step("predict_proba", "probabilities", "model", from_="words"),
        step("clean_text", "again", column="title", **PLAIN),
    ]
    drafted = draft(steps, ["cleaned", "probabilities", "again"], 16, texts=["title", "text"])
    description, outputs = proved(tmp_path, drafted, {"texts": [["A  B", text] for text in texts]})
    assert description["tensors"]["cleaned"] == {"datatype": "BYTES", "columns": ["title", "text"]}
    assert outputs["cleaned"].tolist() == [["a b", text] for text in clean]
    assert outputs["again"].tolist() == ["a b"] * 64
    assert outputs["probabilities"].tolist() == model.predict_proba(vectorizer.transform(clean)).tolist()


def test_a_missing_text_is_told(tmp_path: Path) -> None:
    codes = [{"name": "text", "categories": ["A", "B"]}]
    drafted = draft([step("clean_text", "cleaned", column="text", **PLAIN)], ["cleaned"], codes=codes)
    assert "nan is no text" in refused(tmp_path, drafted, {"codes": [[0], [-1]] * 32})


@pytest.mark.parametrize("option", [{"stemming": "porter"}, {"stemming": "snowball"}, {"split": "nltk"}])
def test_without_nltk_the_remedy_is_told(tmp_path: Path, monkeypatch: Any, option: dict) -> None:
    described = {**step("clean_text", "cleaned", column="text", **PLAIN), "abbreviations": [], **option}
    for module in (
        "nltk",
        "nltk.stem",
        "nltk.stem.porter",
        "nltk.stem.snowball",
        "nltk.tokenize",
        "nltk.tokenize.punkt",
    ):
        monkeypatch.setitem(sys.modules, module, None)
    columns = {"texts": [[text] for text in TEXTS * 8]}
    assert "Add nltk to requirements.txt" in refused(tmp_path, draft([described], ["cleaned"], texts=["text"]), columns)
    with pytest.raises(Refusal, match="Add nltk to"):
        cleaner(described)


def test_the_usual_tutorial(tmp_path: Path) -> None:
    from nltk.stem.porter import PorterStemmer

    def tutorial(text: str) -> str:
        stemmer = PorterStemmer()
        words = re.sub("[^a-zA-Z]", " ", text.lower()).split()
        return " ".join(stemmer.stem(word) for word in words if word not in set(STOP_WORDS))

    cleaned = outputs_of(tmp_path, lower=True, keep="letters", stop_words=STOP_WORDS, stemming="porter")
    assert cleaned == [tutorial(text) for text in TEXTS]
    assert cleaned[0] == "love movi best think"


def test_snowball_stems_otherwise(tmp_path: Path) -> None:
    from nltk.stem.snowball import SnowballStemmer

    stem = SnowballStemmer("english").stem
    cleaned = outputs_of(tmp_path, stemming="snowball")
    assert cleaned == [" ".join(stem(word) for word in text.split()) for text in TEXTS]


def test_the_spam_filter_of_the_tutorials(tmp_path: Path) -> None:
    options = {"lower": True, "split": "nltk", "alphanumeric": True, "stop_words": STOP_WORDS, "stemming": "porter"}
    cleaned = outputs_of(tmp_path, abbreviations=["dr", "e.g"], **options)
    # No sentence ends after a number where the next word begins with a small letter: "2005." is no word, and goes.
    assert cleaned[2] == "free entri in 2 wkli comp win fa cup final tkt 21st may text fa 87121"
    # "Dr." and "e.g." end no sentence, "home." does: its period is a word of its own, and the others' is not.
    assert cleaned[5] == "smith went home he tire at then he slept so did"


def test_the_metadata_tells_of_no_block_rule(tmp_path: Path) -> None:
    steps = [step("clean_text", "cleaned", column="text", **PLAIN)]
    pin(tmp_path, draft(steps, ["cleaned"], 16, texts=["text"]), {"texts": [[text] for text in TEXTS * 8]})
    assert brought_up(tmp_path)["blocks"] == {}
