"""Runs the laboratories' modules with Node, so that what they compute can be compared with Python's answers."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LABS = Path(__file__).parents[2] / "book" / "labs"


@pytest.fixture(scope="session")
def javascript() -> Callable[..., Any]:
    """Run a program that imports from ``book/labs``, reads ``told`` and answers with ``tell(value)``."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        pytest.skip("there is no Node: install the extra author")

    def run(program: str, **told: Any) -> Any:
        lines = [
            *(line for line in program.splitlines() if line.startswith("import")),
            'import { readFileSync } from "node:fs";',
            'const told = JSON.parse(readFileSync(0, "utf8"));',
            "const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);",
            "const tell = (value) => process.stdout.write(JSON.stringify(value, plain));",
            *(line for line in program.splitlines() if not line.startswith("import")),
        ]
        done = subprocess.run(
            [node, "--input-type=module", "--eval", "\n".join(lines)],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            cwd=LABS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
