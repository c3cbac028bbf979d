"""Inputs that are nearly right: valid files with a few things changed, and plain bytes."""

from __future__ import annotations

import io
import json
import math
import re
import warnings
import zipfile
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

MOST_CHANGES = 5
# What readers stumble over: numbers beyond limits, half letters, ends of quotes, paths, signs of formulas.
WORDS = [
    "", " ", "\x00", "\x1b[2J", "\r\n", "\ufeff", "\ufffe", "\u202e", "ſ", "²", "٣", "½", "9" * 400, "-0",
    "1e999", "NaN", "inf", "0x10", "1_000", "../../x", "/etc/passwd", "C:\\x", "=1+1", "<b>x</b>",
    "</style><script>x</script>", "{{7*7}}", "{value.__class__}", "%s%n", "&x;", "&#0;", "]]>",
    "'; DROP TABLE x;--", "\"\"\"", "\\", "x" * 3000, "2026-02-30", "99.99.9999", "01001000", "null",
    "true", "ZZZZZZZ9", "A999999999999", "-1", "18446744073709551616",
]  # fmt: skip
BYTES = [b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xff\xfe", b"PK\3\4", b"\r", b"\n", b'"', b"<", b"&"]
PACKED = (*[zipfile.ZIP_DEFLATED] * 7, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
DEEDS = [*["value"] * 5, "element", "element", "bytes", "leave", "again", "name", "swap"]
TOML_VALUES = [
    "1", "9" * 5000, "-inf", "nan", "true", "[]", "{}", "[[1]]", '""', '"""x', "'x'", "1979-05-27",
    "[" * 2000, '{ place = "x" }', "{ place = 1 }", '"../{value}.html"', '"{value!r:>99999999}.html"',
    '"\\u0000.html"',
]  # fmt: skip
VALUE = re.compile(rb'(?<=>)[^<>]{1,200}(?=<)|(?<==")[^"]{0,200}(?=")')
ELEMENT = re.compile(rb"<(c|row|v|t|is|si|sheet|f)\b[^<>]*?(/>|>)")


CHANCES = st.sampled_from(range(20))
# Mostly once: what is changed all over is refused at the first glance.
HOW_OFTEN = st.sampled_from([1, 1, 1, 1, 2, 3, MOST_CHANGES])


def words() -> SearchStrategy[str]:
    """A text of any letters, or one that is known to be trouble."""
    return st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@st.composite
def changed_bytes(draw: DrawFn, seed: bytes, most: int = MOST_CHANGES) -> bytes:
    """The seed with some bytes flipped, cut out, doubled or put in."""
    data = seed
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 64)))
        match draw(st.sampled_from(["flip", "cut", "double", "insert", "end"])):
            case "flip" if start < len(data):
                data = data[:start] + bytes([data[start] ^ draw(st.integers(1, 255))]) + data[start + 1 :]
            case "cut":
                data = data[:start] + data[end:]
            case "double":
                data = data[:end] + data[start:]
            case "insert":
                data = data[:start] + draw(st.sampled_from(BYTES) | st.binary(max_size=8)) + data[start:]
            case _:
                data = data[:start]
    return data


@st.composite
def changed_archive(draw: DrawFn, seed: bytes) -> bytes:
    """The ZIP file with members left out, doubled, renamed, exchanged, packed otherwise, or changed."""
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(draw(HOW_OFTEN)):
        if not members:
            break
        number, other = (draw(st.integers(0, len(members) - 1)) for _ in range(2))
        name, content = members[number]
        match draw(
            st.sampled_from(["value"] * 5 + ["element", "element", "bytes", "leave", "again", "name", "swap"])
        ):
            case "value":
                members[number] = name, draw(changed_value(content))
            case "element":
                members[number] = name, draw(changed_element(content))
            case "bytes":
                members[number] = name, draw(changed_bytes(content, most=2))
            case "leave":
                del members[number]
            case "again":
                members.append((name, members[other][1]))
            case "name":
                members[number] = (
                    draw(st.sampled_from([name.upper(), f"../{name}", f"/{name}", "ä", ""])),
                    content,
                )
            case _:
                members[number], members[other] = (name, members[other][1]), (members[other][0], content)
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", draw(st.sampled_from(PACKED))) as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "x"), content, archive.compression)
    whole = out.getvalue()
    return draw(changed_bytes(whole, most=2)) if draw(CHANCES) < 4 else whole


@st.composite
def changed_value(draw: DrawFn, xml: bytes) -> bytes:
    """The XML with one text or attribute exchanged for something else."""
    found = list(VALUE.finditer(xml))
    if not found:
        return xml
    one = draw(st.sampled_from(found))
    new = draw(words() | st.sampled_from([text[0].decode("utf-8", "replace") for text in found[:50]]))
    escaped = (
        new if draw(st.booleans()) else new.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    )
    return xml[: one.start()] + escaped.encode() + xml[one.end() :]


@st.composite
def changed_element(draw: DrawFn, xml: bytes) -> bytes:
    """The XML with an element of a sheet left out, doubled, or of another type."""
    found = list(ELEMENT.finditer(xml))
    if not found:
        return xml
    one = draw(st.sampled_from(found))
    tag = one[0]
    match draw(st.sampled_from(["leave", "double", "type", "formula"])):
        case "leave":
            tag = b""
        case "double":
            tag = tag + tag
        case "type":
            kind = draw(st.sampled_from([b"n", b"d", b"b", b"e", b"str", b"inlineStr", b"s", b"x"]))
            tag = re.sub(rb'\bt="[^"]*"', b"", tag).replace(b"<c ", b'<c t="%s" ' % kind, 1)
        case _:
            tag = tag + b"<f>1+1</f>"
    return xml[: one.start()] + tag + xml[one.end() :]


def json_values() -> SearchStrategy[Any]:
    """Anything JSON can hold, numbers without end and half letters included."""
    leaves = (
        st.none() | st.booleans() | st.integers() | st.integers(-1, 9) | words() | words()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.sampled_from(["\ud800", math.nan, math.inf, 10**400, "__proto__", "0001-01-01", "9999-12-31"])
    )  # fmt: skip
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words(), inner, max_size=3)
    )


@st.composite
def changed_json(draw: DrawFn, seed: Any) -> bytes:
    """The value with parts left out, doubled, renamed or exchanged, as bytes; sometimes broken as text."""
    value = json.loads(json.dumps(seed))
    for _ in range(draw(HOW_OFTEN)):
        places = _places(value)
        if places and draw(CHANCES):
            _change(draw, *draw(st.sampled_from(places)))
        else:
            value = draw(json_values())
    data = json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    match draw(CHANCES):
        case 0:
            return b"[" * 100_000
        case 1:
            return draw(changed_bytes(data, most=2))
    return data


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in the value, as its holder and its key there."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


def _change(draw: DrawFn, holder: Any, key: Any) -> None:
    match draw(st.sampled_from(["other", "other", "leave", "double", "name"])):
        case "leave":
            del holder[key]
        case "double" if isinstance(holder, list):
            holder.append(holder[key])
        case "name" if isinstance(holder, dict):
            holder[draw(words())] = holder.pop(key)
        case _:
            holder[key] = draw(json_values())


@st.composite
def changed_lines(draw: DrawFn, seed: str) -> bytes:
    """The text with lines left out, doubled, exchanged, or a piece of one replaced by a word."""
    lines = seed.splitlines(keepends=True)
    for _ in range(draw(HOW_OFTEN)):
        if not lines:
            break
        number, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["piece", "piece", "piece", "leave", "double", "swap"])):
            case "leave":
                del lines[number]
            case "double":
                lines.insert(other, lines[number])
            case "swap":
                lines[number], lines[other] = lines[other], lines[number]
            case _:
                lines[number] = draw(_changed_line(lines[number]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "iso-8859-1", "utf-16"]))
    data = "".join(lines).encode(encoding, "replace")
    return draw(changed_bytes(data, most=2)) if draw(CHANCES) < 4 else data


@st.composite
def _changed_line(draw: DrawFn, line: str) -> str:
    pieces = re.split(r"([=,;\"\[\]{}\s]+)", line)
    if draw(st.booleans()):
        pieces[draw(st.integers(0, len(pieces) - 1))] = draw(words() | toml_values())
        return "".join(pieces)
    start = draw(st.integers(0, len(line)))
    new = draw(words())
    return line[:start] + new + line[start + len(new) :]  # as wide as before, for files of fixed width


def toml_values() -> SearchStrategy[str]:
    """Values as TOML writes them, of every type."""
    return st.sampled_from(TOML_VALUES)


def any_of(seeds: Sequence[bytes], change: Any) -> SearchStrategy[bytes]:
    """A changed seed mostly, a seed as it is, or bytes that mean nothing."""
    changed = st.sampled_from(seeds).flatmap(change)
    return changed | changed | changed | changed | st.sampled_from(seeds) | st.binary(max_size=400)
