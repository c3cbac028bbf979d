"""What a notebook cell shows: German numbers, charts, tables, cards, sources."""

import sys
from types import ModuleType
from typing import cast

# Altair imports jsonschema, which compiles a grammar for IRIs: half of all the time a page takes. Charts
# hold no IRIs, and jsonschema does without where the grammar is missing; None in sys.modules says "missing".
sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
