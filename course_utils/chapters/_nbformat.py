"""Load nbformat without what takes nine tenths of its time: grammars of addresses, which notebooks' schema has none of.

jsonschema compiles 38 of them while it is imported, two seconds on a slow machine, wherever JupyterLab has brought the
package that holds them. While that cannot be imported, jsonschema does without.
"""

import sys

_GRAMMARS = "rfc3987_syntax"

if {"jsonschema", _GRAMMARS}.isdisjoint(sys.modules):
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]  # Python's way to say that there is none
    try:
        import nbformat  # noqa: F401
    finally:
        del sys.modules[_GRAMMARS]
