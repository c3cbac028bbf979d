"""Full-text search over theme, solution and project pages, for sites served by http (Pagefind).

Pagefind is asked for the files and does not write them itself: on a full disk it would leave them empty and
call that a success, and after the end of a killed build it would go on writing into the next one's folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from transferkit.errors import BuildError
from transferkit.publish import storage
from transferkit.publish.page import Page

FOLDER = "pagefind"
FOUND_BY_NAME = "municipality-guide"
END = b","  # of a question and of an answer
LONGEST_READ = 1 << 20


def index(folder: Path, pages: Iterable[Page]) -> None:
    """Index the pages that carry `data-pagefind-body` into `folder`/pagefind.

    Municipality guides carry none: they are found by name, and to look at ten thousand of them takes minutes.
    Raises BuildError if Pagefind fails.
    """
    searched = [page.address for page in pages if page.guide != FOUND_BY_NAME]
    folders = {str(PurePosixPath(address).parent) for address in searched if (folder / address).is_file()}
    if not folders:
        return
    for file in _files(folder, "{" + ",".join(sorted(folders)) + "}/*.html"):
        storage.write(folder / FOLDER / file["path"], b64decode(file["content"]))


def _files(folder: Path, where: str) -> list[dict[str, str]]:
    """By hand: with Pagefind's own Python interface a site of 556 pages waited for its answer for ever."""
    questions = (
        {"type": "NewIndex", "config": {"force_language": "de"}},
        {"type": "AddDir", "index_id": 0, "path": str(folder), "glob": where},
        {"type": "GetFiles", "index_id": 0},
    )
    command = [sys.executable, "-m", "pagefind", "--service"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as service:
        assert service.stdin is not None
        assert service.stdout is not None
        for question in questions:
            answer = _ask(service.stdin.fileno(), service.stdout.fileno(), question)
        found: list[dict[str, str]] = answer["files"]
        return found


def _ask(to: int, back: int, question: dict[str, Any]) -> dict[str, Any]:
    answer = b""
    try:
        os.write(to, b64encode(json.dumps({"message_id": 1, "payload": question}).encode()) + END)
        while not answer.endswith(END):
            answer += (more := os.read(back, LONGEST_READ))
            if not more:
                raise BrokenPipeError
    except BrokenPipeError:
        raise BuildError("Die Volltextsuche ließ sich nicht anlegen: Pagefind ist abgebrochen.") from None
    told: dict[str, Any] = json.loads(b64decode(answer.removesuffix(END)))["payload"]
    if told["type"] == "Error":
        raise BuildError(f"Die Volltextsuche ließ sich nicht anlegen: {told['message']}")
    return told
