"""ZIP files from elsewhere, Excel's among them: which are not unpacked, and which XML in them is not read.

Looks at what an archive says of itself before a byte is unpacked. What it says is binding: `zipfile` never
unpacks more than that.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 100 * MEGABYTE
PARTS_LIMIT = 1000
RATIO_LIMIT = 200  # a form or a register packs about 1 : 8; deflate itself ends at 1 : 1032
# Excel and Destatis use no other; each further one is a further decoder to attack.
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What zipfile raises for a file that is damaged; RuntimeError among them for one with a password.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
HEAD = 400  # bytes in which XML says how it is encoded
ENCODING = re.compile(rb"""\bencoding\s*=\s*["']([^"']*)["']""")
ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"}


def is_bomb(parts: zipfile.ZipFile) -> bool:
    """Whether it becomes too large when it is unpacked, by itself or compared with its size."""
    unpacked, packed = sizes(parts)
    return unpacked > UNPACKED_LIMIT or (unpacked > MEGABYTE and unpacked / packed > RATIO_LIMIT)


def has_too_many_parts(parts: zipfile.ZipFile) -> bool:
    """Whether it consists of more parts than any workbook."""
    return len(parts.infolist()) > PARTS_LIMIT


def is_packed_otherwise(parts: zipfile.ZipFile) -> bool:
    """Whether a part is packed in a way neither Excel nor Destatis uses."""
    return any(part.compress_type not in PACKINGS for part in parts.infolist())


def sizes(parts: zipfile.ZipFile) -> tuple[int, int]:
    """Bytes unpacked and packed, the latter at least 1."""
    listed = parts.infolist()
    return sum(part.file_size for part in listed), max(1, sum(part.compress_size for part in listed))


def is_foreign_xml(content: bytes) -> bool:
    """Whether a part has what Excel never writes: a document type, which may define entities without end.

    An encoding of another kind could hide one from this search.
    """
    head = content[:HEAD].replace(b"\0", b"")
    named = (
        ENCODING.search(head) if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<?xml") else None
    )
    if named is not None and named[1].lower() not in ENCODINGS:
        return True
    return b"<!DOCTYPE" in content or (
        b"\0" in content[:HEAD] and b"<!DOCTYPE" in content.replace(b"\0", b"")
    )
