"""The step `clean_text`: a text's words, cleaned one by one."""

from __future__ import annotations

import functools
import importlib
import re
import string
from typing import Any, Callable, Dict, List

import numpy as np

from .answers import Run
from .bundle import Bundle
from .columns import Directory
from .given import column_reader
from .problems import Refusal
from .values import BadResult

Clean = Callable[[str], str]


def clean_text(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    clean = cleaner(step)
    if "column" in step:
        reader = column_reader(step["column"], directory)
        return lambda values, count: cleaned(reader(values), clean)
    readers = [column_reader(name, directory) for name in step["columns"]]

    def run(values: Dict[str, Any], count: int) -> Any:
        return np.stack([cleaned(reader(values), clean) for reader in readers], axis=1)

    return run


def cleaned(cells: Any, clean: Clean) -> Any:
    """Objects, as an array of texts takes the longest one's memory for each."""
    texts = np.empty(len(cells), dtype=object)
    for place, cell in enumerate(cells.tolist()):
        if not isinstance(cell, str):
            raise BadResult(f"{cell!r} is no text, and a missing one cannot be cleaned")
        texts[place] = clean(cell)
    return texts


def cleaner(step: Dict[str, Any]) -> Clean:
    """A text's characters first, then its words."""
    of_characters, of_words = character_stages(step), word_stages(step)
    split = splitter(step)

    def clean(text: str) -> str:
        for stage in of_characters:
            text = stage(text)
        words = split(text)
        for word_stage in of_words:
            words = word_stage(words)
        return " ".join(words)

    return clean


def character_stages(step: Dict[str, Any]) -> List[Clean]:
    stages: List[Clean] = [str.lower] if step["lower"] else []
    if step["keep"] != "all":
        others = re.compile("[^a-zA-Z]" if step["keep"] == "letters" else "[^a-zA-Z0-9]")
        stages.append(lambda text: others.sub(" ", text))
    if step["punctuation"] != "keep":
        marks = str.maketrans(dict.fromkeys(string.punctuation, " " if step["punctuation"] == "space" else None))
        stages.append(lambda text: text.translate(marks))
    if step["digits"] == "remove":
        digits = str.maketrans("", "", string.digits)
        stages.append(lambda text: text.translate(digits))
    return stages


def word_stages(step: Dict[str, Any]) -> List[Callable[[List[str]], List[str]]]:
    stages: List[Callable[[List[str]], List[str]]] = []
    if step["alphanumeric"]:
        stages.append(lambda words: [word for word in words if word.isalnum()])
    if step["stop_words"]:
        stop_words = frozenset(step["stop_words"])
        stages.append(lambda words: [word for word in words if word not in stop_words])
    if step["stemming"] != "none":
        stem = stemmer(step)
        stages.append(lambda words: [stem(word) for word in words])
    return stages


def stemmer(step: Dict[str, Any]) -> Clean:
    if step["stemming"] == "porter":
        stem = nltk("nltk.stem.porter", step).PorterStemmer().stem
    else:
        stem = nltk("nltk.stem.snowball", step).SnowballStemmer("english").stem
    remembered: Clean = functools.lru_cache(maxsize=50_000)(stem)
    return remembered


def splitter(step: Dict[str, Any]) -> Callable[[str], List[str]]:
    if step["split"] == "words":
        return str.split
    punkt, tokenize = nltk("nltk.tokenize.punkt", step), nltk("nltk.tokenize", step).word_tokenize
    # What nltk.word_tokenize does, but for the model of sentences, which it would download.
    parameters = punkt.PunktParameters()
    parameters.abbrev_types.update(step["abbreviations"])
    sentences = punkt.PunktSentenceTokenizer(parameters)

    def split(text: str) -> List[str]:
        words: List[str] = []
        for sentence in sentences.tokenize(text):
            words.extend(tokenize(sentence, preserve_line=True))
        return words

    return split


def nltk(module: str, step: Dict[str, Any]) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise Refusal(
            f"The step {step['output']} needs nltk, which the environment does not have. Add nltk to requirements.txt, "
            "in the version of the training, and run `picklepod pin` on the bundle."
        ) from None
