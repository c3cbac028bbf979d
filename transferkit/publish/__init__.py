"""From notebook and parameters to published pages."""

import sys
from importlib import import_module

# nbformat loads jsonschema, and that compiles 38 grammars for a format no notebook's schema asks for,
# internationalised addresses: a second in every process of a build.
if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import_module("jsonschema")
    del sys.modules["rfc3987_syntax"]
