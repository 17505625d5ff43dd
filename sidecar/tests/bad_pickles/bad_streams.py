"""What is wrong with the stream itself: opcodes, ends, lengths, nesting, expansion."""

import bz2
import gzip
import lzma
import random
import struct
import zlib

from .assemble import (
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    MARK,
    MEMOIZE,
    NONE,
    POP,
    STOP,
    a_tuple,
    by_line,
    call,
    estimator,
    get,
    integer,
    pickle,
    put,
    text,
)

BIG = struct.pack("<Q", 1 << 62)
ZEROS = 96 << 20
# What does not shrink must not pay for zeros before it.
NOISE = random.Random(0).getrandbits(8 << 20).to_bytes(1 << 20, "little")


def cases(canary):
    yield from opcodes(canary)
    yield from ends(canary)
    yield from lengths()
    yield from depths()
    yield from expansions()
    yield from broken()


def opcodes(canary):
    touch = text("touch " + canary)
    yield "persistent-id", "persistent-id", b"\x80\x02Pos.system\n."
    yield "binary-persistent-id", "persistent-id", pickle(touch + b"Q")
    yield "extension-1", "extension-code", pickle(b"\x82\x01")
    yield "extension-2", "extension-code", pickle(b"\x83\x01\x02")
    yield "extension-4", "extension-code", pickle(b"\x84\x01\x02\x03\x04")
    quoted = b"S'touch " + canary.encode() + b"'\n"
    yield "inst", "dangerous-global", MARK + quoted + b"ios\nsystem\n."
    yield "inst-of-an-honest-class", "old-instance", pickle(MARK + b"isklearn.pipeline\nPipeline\n")
    yield "obj", "old-instance", pickle(MARK + by_line("sklearn.pipeline", "Pipeline") + b"o")
    yield "next-buffer", "malformed", pickle(b"\x97", protocol=5)
    yield "readonly-buffer", "malformed", pickle(b"C\x00\x98", protocol=5)
    yield "protocol-6", "malformed", pickle(NONE, protocol=6)
    yield "protocol-255", "malformed", pickle(NONE, protocol=255)
    yield "unknown-opcode", "malformed", pickle(b"\xff")


def ends(canary):
    evil = pickle(call(by_line("os", "system"), text("touch " + canary)))
    yield "second-pickle", "second-pickle", pickle(NONE) + evil
    yield "second-pickle-honest", "second-pickle", pickle(NONE) + pickle(NONE)
    yield "second-pickle-of-protocol-0", "trailing-bytes", pickle(NONE) + b"cos\nsystem\n(S'x'\ntR."
    yield "trailing-bytes", "trailing-bytes", pickle(NONE) + b"\0" * 16
    yield "trailing-newline", "trailing-bytes", pickle(NONE) + b"\n"
    yield "trailing-in-gzip", "trailing-bytes", gzip.compress(pickle(NONE) + b"x")
    yield "trailing-behind-gzip", "trailing-bytes", gzip.compress(pickle(NONE)) + b"x"
    yield "trailing-behind-zlib", "trailing-bytes", zlib.compress(pickle(NONE)) + evil
    yield "global-in-gzip", "dangerous-global", gzip.compress(evil)
    yield "global-in-zlib", "dangerous-global", zlib.compress(evil)
    yield "global-in-bz2", "dangerous-global", bz2.compress(evil)
    yield "global-in-xz", "dangerous-global", lzma.compress(evil)
    yield "global-in-lzma", "dangerous-global", lzma.compress(evil, format=lzma.FORMAT_ALONE)
    half = len(evil) // 2
    yield "global-in-two-gzip-members", "dangerous-global", gzip.compress(evil[:half]) + gzip.compress(evil[half:])


def lengths():
    yield "length-binunicode8", "length", pickle(b"\x8d" + BIG)
    yield "length-binbytes8", "length", pickle(b"\x8e" + BIG)
    yield "length-bytearray8", "length", pickle(b"\x96" + BIG, protocol=5)
    yield "length-binunicode", "length", pickle(b"X\xff\xff\xff\xff")
    yield "length-binbytes", "length", pickle(b"B\xff\xff\xff\xff")
    yield "length-binstring", "length", pickle(b"T\xff\xff\xff\x7f")
    yield "length-binstring-negative", "length", pickle(b"T\xff\xff\xff\xff")
    yield "length-short-binunicode", "length", b"\x80\x04\x8c\xffab."
    yield "length-frame", "length", b"\x80\x04\x95" + BIG + b"N."
    yield "digits-long", "length", b"L" + b"9" * 5000 + b"L\n."
    yield "digits-int", "length", b"I" + b"9" * 5000 + b"\n."
    yield "digits-long4", "length", pickle(b"\x8b" + struct.pack("<i", 1 << 20) + b"\x7f" * (1 << 20))
    yield "digits-long4-beyond", "length", pickle(b"\x8b" + struct.pack("<i", (1 << 31) - 1))


def depths():
    yield "nested-lists", "depth", pickle(EMPTY_LIST * 5000 + b"a" * 4999)
    yield "nested-tuples", "depth", pickle(EMPTY_TUPLE + b"\x85" * 100_000)
    yield "nested-dicts", "depth", pickle((EMPTY_DICT + NONE) * 3000 + EMPTY_DICT + b"s" * 3000)
    sets = (put(0) + POP + MARK + get(0) + b"\x91") * 3000
    yield "nested-frozensets", "depth", pickle(MARK + b"\x91" + sets)
    yield "nested-states", "depth", pickle((estimator() + EMPTY_DICT + text("x")) * 2000 + NONE + b"sb" * 2000)
    yield "open-marks", "depth", pickle(MARK * 100_000)


def expansions():
    zeros = pickle(b"\x8e" + struct.pack("<Q", ZEROS) + bytes(ZEROS))
    yield "bomb-gzip", "expansion", gzip.compress(zeros)
    yield "bomb-zlib", "expansion", zlib.compress(zeros)
    yield "bomb-gzip-before-much", "expansion", gzip.compress(zeros[: 80 << 20]) + gzip.compress(NOISE, 1)
    yield "bomb-bz2", "expansion", bz2.compress(zeros)
    yield "bomb-xz", "expansion", lzma.compress(zeros, preset=0)
    yield "memo-number", "expansion", pickle(NONE + b"r\xff\xff\xff\xff")
    yield "memo-number-by-line", "expansion", b"N" + b"p99999999999\n."
    laughs = b"".join(POP + a_tuple(get(layer) * 10) + put(layer + 1) for layer in range(12))
    yield "things-out-of-nothing", "expansion", pickle(MARK + EMPTY_LIST * 3_000_000 + b"l")
    yield "tuples-out-of-nothing", "expansion", pickle(MARK + (EMPTY_TUPLE + b"\x85") * 3_000_000 + b"l")
    yield "memo-out-of-nothing", "expansion", pickle(NONE + MEMOIZE * 3_000_000)
    yield "memo-out-of-little", "expansion", gzip.compress(pickle(NONE + MEMOIZE * 700_000))
    yield "things-out-of-little", "expansion", gzip.compress(pickle(MARK + EMPTY_DICT * 700_000 + b"l"))
    yield "escapes-without-end", "length", pickle(b"V" + rb"\u0041" * 700_000 + b"\n")
    yield "quoted-escapes-without-end", "length", pickle(b"S'" + rb"\\" * 2_100_000 + b"'\n")
    yield "memo-bomb-of-tuples", "expansion", pickle(text("ha") + put(0) + laughs)
    lists = b"".join(POP + EMPTY_LIST + MARK + get(layer) * 10 + b"e" + put(layer + 1) for layer in range(12))
    yield "memo-bomb-of-lists", "expansion", pickle(EMPTY_LIST + put(0) + lists)
    doubling = b"".join(get(0) + b"2a0" for _ in range(40))
    yield "list-within-itself", "expansion", pickle(EMPTY_LIST + put(0) + doubling)


def broken():
    yield "truncated", "malformed", pickle(NONE)[:-1]
    yield "truncated-number", "malformed", b"\x80\x04J\x01"
    yield "empty-stack", "malformed", b"\x80\x04."
    yield "reduce-of-nothing", "malformed", b"\x80\x04R."
    yield "memo-of-nothing", "malformed", pickle(get(7))
    yield "two-things-left", "malformed", pickle(NONE + NONE)
    yield "open-mark-at-the-end", "malformed", pickle(MARK + NONE)
    yield "key-without-value", "malformed", pickle(EMPTY_DICT + MARK + NONE + b"u")
    yield "global-by-numbers", "malformed", pickle(integer(1) + integer(2) + b"\x93")
    yield "bad-utf-8", "malformed", pickle(b"X\x01\x00\x00\x00\xff")
    yield (
        "frame-in-a-frame",
        "malformed",
        b"\x80\x04\x95" + struct.pack("<Q", 20) + b"\x95" + struct.pack("<Q", 2) + b"N" + STOP + b"N" * 20,
    )
    yield "broken-gzip", "malformed", gzip.compress(pickle(NONE))[:-9]
    yield "no-number", "malformed", pickle(b"Iabc\n")
