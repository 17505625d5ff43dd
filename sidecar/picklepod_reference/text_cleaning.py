"""Cleans texts word by word, as the tutorials do before they vectorize."""

from __future__ import annotations

import re
import string
from typing import Any, Callable, List

import numpy as np

from .bundle import Bundle
from .fault import Fault
from .table import Table
from .values import Value

NOT_KEPT = {"letters": "[^a-zA-Z]", "letters_and_digits": "[^a-zA-Z0-9]"}


def clean_text(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    tokens, stem = tokenizer(step), stemmer(step)
    if "column" in step:
        return Value(cleaned(table.cells(step["column"]), step, tokens, stem), None)
    columns = [cleaned(table.cells(name), step, tokens, stem) for name in step["columns"]]
    return Value(np.column_stack(columns), list(step["columns"]))


def cleaned(cells: Any, step: dict[str, Any], tokens: Any, stem: Any) -> Any:
    for cell in cells.tolist():
        if not isinstance(cell, str):
            raise Fault(f"{cell!r} is no text.")
    return np.array([one(cell, step, tokens, stem) for cell in cells.tolist()], dtype=str)


def one(text: str, step: dict[str, Any], tokens: Callable[[str], List[str]], stem: Callable[[str], str]) -> str:
    if step["lower"]:
        text = text.lower()
    if step["keep"] in NOT_KEPT:
        text = re.sub(NOT_KEPT[step["keep"]], " ", text)
    for mark in string.punctuation if step["punctuation"] != "keep" else "":
        text = text.replace(mark, " " if step["punctuation"] == "space" else "")
    if step["digits"] == "remove":
        text = re.sub("[0-9]", "", text)
    words = tokens(text)
    if step["alphanumeric"]:
        words = [word for word in words if word.isalnum()]
    words = [word for word in words if word not in step["stop_words"]]
    return " ".join(stem(word) for word in words)


def tokenizer(step: dict[str, Any]) -> Callable[[str], List[str]]:
    if step["split"] == "words":
        return str.split
    nltk = import_nltk("nltk.tokenize")
    punkt = import_nltk("nltk.tokenize.punkt")
    parameters = punkt.PunktParameters()
    parameters.abbrev_types = set(step["abbreviations"])
    sentences = punkt.PunktSentenceTokenizer(parameters)
    return lambda text: [
        word for sentence in sentences.tokenize(text) for word in nltk.word_tokenize(sentence, preserve_line=True)
    ]


def stemmer(step: dict[str, Any]) -> Callable[[str], str]:
    if step["stemming"] == "none":
        return str
    stem = import_nltk("nltk.stem")
    chosen = stem.PorterStemmer() if step["stemming"] == "porter" else stem.SnowballStemmer("english")
    made: Callable[[str], str] = chosen.stem
    return made


def import_nltk(module: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise Fault("clean_text needs nltk, which is not installed. Add nltk to requirements.txt.") from None
