"""The opcodes that push a value which stands in the stream."""

from __future__ import annotations

import codecs
import struct
from typing import Any

from .machine import Machine
from .things import Bytes
from .verdict import Refused

MOST_DIGITS = 4300  # as Python's own int() has it
MOST_BYTES = 2048
LONGEST_ESCAPED = 4_000_000  # undoing the escapes of a text costs many times its length

# Beside such a name, of an attribute or a row's label, numpy takes a number for a place in memory.
POINTERS = ("__array_interface__", "__array_struct__")
POINTER = "It says __array_interface__ or __array_struct__: numpy would read memory wherever the pickle says."

# A zone of this name is a path: pandas opens that file, when it loads or when it first needs the zone.
ZONE = "dateutil/"
OF_A_ZONE = "It says dateutil/, which makes pandas open the file that follows as a time zone: use another zone's name."

two = struct.Struct("<H").unpack_from
four = struct.Struct("<i").unpack_from
four_unsigned = struct.Struct("<I").unpack_from
eight = struct.Struct("<Q").unpack_from


def none(m: Machine) -> None:
    m.stack.append(None)


def true(m: Machine) -> None:
    m.stack.append(True)


def false(m: Machine) -> None:
    m.stack.append(False)


def binint(m: Machine) -> None:
    m.stack.append(four(m.data, m.pos)[0])
    m.pos += 4


def binint1(m: Machine) -> None:
    m.stack.append(m.data[m.pos])
    m.pos += 1


def binint2(m: Machine) -> None:
    m.stack.append(two(m.data, m.pos)[0])
    m.pos += 2


def digits(m: Machine) -> bytes:
    line = m.line()
    if len(line) > MOST_DIGITS:
        raise Refused("length", f"A number has {len(line)} digits: reading it takes time without bound.")
    return line


def integer(m: Machine) -> None:
    line = digits(m)
    m.stack.append({b"00": False, b"01": True}[line] if line in (b"00", b"01") else int(line, 0))


def long(m: Machine) -> None:
    line = digits(m)
    m.stack.append(int(line[:-1] if line.endswith(b"L") else line, 0))


def long_of(m: Machine, length: int) -> None:
    if length > MOST_BYTES:
        raise Refused("length", f"A number has {length} bytes: reckoning with it takes time without bound.")
    begin = m.take(length)
    m.stack.append(int.from_bytes(m.data[begin : m.pos], "little", signed=True))


def long1(m: Machine) -> None:
    m.pos += 1
    long_of(m, m.data[m.pos - 1])


def long4(m: Machine) -> None:
    (length,) = four(m.data, m.pos)
    m.pos += 4
    long_of(m, length)


def floating(m: Machine) -> None:
    float(digits(m))
    m.stack.append(0.0)


def binfloat(m: Machine) -> None:
    m.take(8)
    m.stack.append(0.0)


def string(m: Machine) -> None:
    line = escaped_line(m)
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in b"'\"":
        raise Refused("malformed", "A text is without its quotes.")
    text = codecs.escape_decode(line[1:-1])[0].decode("latin-1")  # type: ignore[attr-defined]
    m.stack.append(unescaped(m, line, text))


def unicode(m: Machine) -> None:
    line = escaped_line(m)
    m.stack.append(unescaped(m, line, line.decode("raw-unicode-escape")))


def escaped_line(m: Machine) -> bytes:
    line = m.line()
    if len(line) > LONGEST_ESCAPED:
        raise Refused("length", f"It holds a text of more than {LONGEST_ESCAPED} bytes in protocol 0.")
    return line


def unescaped(m: Machine, line: bytes, text: str) -> str:
    """Escapes can hide a name from whoever looks at the bytes."""
    if text in POINTERS:
        m.danger("arguments", POINTER)
    if b"\\" in line and ZONE in text.replace("\0", ""):
        m.danger("arguments", OF_A_ZONE)
    return text


def text_of(m: Machine, length: int, encoding: str = "utf-8") -> None:
    begin = m.take(length)
    m.stack.append(m.data[begin : m.pos].decode(encoding, "surrogatepass"))


def short_binunicode(m: Machine) -> None:
    m.pos += 1
    text_of(m, m.data[m.pos - 1])


def binunicode(m: Machine) -> None:
    (length,) = four_unsigned(m.data, m.pos)
    m.pos += 4
    text_of(m, length)


def binunicode8(m: Machine) -> None:
    (length,) = eight(m.data, m.pos)
    m.pos += 8
    text_of(m, length)


def short_binstring(m: Machine) -> None:
    m.pos += 1
    text_of(m, m.data[m.pos - 1], "latin-1")


def binstring(m: Machine) -> None:
    (length,) = four(m.data, m.pos)
    m.pos += 4
    text_of(m, length, "latin-1")


def bytes_of(m: Machine, length: int) -> None:
    m.take(length)
    m.stack.append(Bytes(length))


def short_binbytes(m: Machine) -> None:
    m.pos += 1
    bytes_of(m, m.data[m.pos - 1])


def binbytes(m: Machine) -> None:
    (length,) = four_unsigned(m.data, m.pos)
    m.pos += 4
    bytes_of(m, length)


def binbytes8(m: Machine) -> None:
    (length,) = eight(m.data, m.pos)
    m.pos += 8
    bytes_of(m, length)


HANDLERS: dict[bytes, Any] = {
    b"N": none,
    b"\x88": true,
    b"\x89": false,
    b"J": binint,
    b"K": binint1,
    b"M": binint2,
    b"I": integer,
    b"L": long,
    b"\x8a": long1,
    b"\x8b": long4,
    b"F": floating,
    b"G": binfloat,
    b"S": string,
    b"V": unicode,
    b"\x8c": short_binunicode,
    b"X": binunicode,
    b"\x8d": binunicode8,
    b"U": short_binstring,
    b"T": binstring,
    b"C": short_binbytes,
    b"B": binbytes,
    b"\x8e": binbytes8,
    b"\x96": binbytes8,  # BYTEARRAY8
}
