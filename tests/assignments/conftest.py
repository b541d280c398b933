"""A small assignment, notebooks that answer it, and whether this machine has a sandbox."""

import json

import pytest

from course_utils import assignments

MASTER = """---
course:
  imports: [numpy]
---

# Tiny

```{raw-cell}
# BEGIN QUESTION
name: double
points: 2
minutes: 2
seconds: 1
uses: [double]
```

## 1. Double it

Return twice {{factor}} times a number.

```{raw-cell}
# BEGIN SOLUTION
```

```{code-cell} python3
def double(x):
    # BEGIN SOLUTION
    return 2 * {{factor}} * x
    # END SOLUTION
```

```{raw-cell}
# END SOLUTION
```

```{raw-cell}
# BEGIN TESTS
```

```{code-cell} python3
assert double(2) == 4 * {{factor}}, f"twice {{factor}} times 2 is {4 * {{factor}}}, not {double(2)!r}"
```

```{code-cell} python3
# HIDDEN
for secret in (17, -3.5):
    assert double(secret) == 2 * {{factor}} * secret, f"wrong for other numbers: {double(secret)!r}"
```

```{raw-cell}
# END TESTS
```

```{raw-cell}
# END QUESTION
```

```{raw-cell}
# BEGIN QUESTION
name: numbers
points: 1
minutes: 2
seconds: 1
uses: [numbers]
```

## 2. Three numbers

```{raw-cell}
# BEGIN SOLUTION
```

```{code-cell} python3
numbers = [1, 2, 3]  # SOLUTION
```

```{raw-cell}
# END SOLUTION
```

```{raw-cell}
# BEGIN TESTS
```

```{code-cell} python3
assert len(numbers) == 3, f"three numbers are wanted, not {len(numbers)}"
assert np.sum(numbers) == 6, f"they sum up to {np.sum(numbers)}, not to 6"
```

```{raw-cell}
# END TESTS
```

```{raw-cell}
# END QUESTION
```

```{raw-cell}
# BEGIN QUESTION
name: why
points: 1
minutes: 2
rubric: A reason.
```

## 3. Why?

In a sentence.

```{raw-cell}
# BEGIN SOLUTION
```

Because.

```{raw-cell}
# END SOLUTION
```

```{raw-cell}
# END QUESTION
```

```{raw-cell}
# BEGIN ORAL
```

```{code-cell} python3
ask(f"What does your function give for 5?\\n{source('double')}", f"{double(5)}")
```

```{code-cell} python3
ask(f"Your numbers are {numbers}. Which others would do?", "All that sum up to 6.")
```

```{code-cell} python3
ask("What is a function?", "An answer.")
```

```{raw-cell}
# END ORAL
```
"""
RIGHT = ("def double(x):\n    return 2 * x", "numbers = [1, 2, 3]")


@pytest.fixture(scope="session")
def masters(tmp_path_factory):
    """A folder with the small assignment in it."""
    folder = tmp_path_factory.mktemp("masters")
    (folder / "tiny").mkdir()
    (folder / "tiny" / "master.md").write_text(MASTER)
    (folder / "tiny" / "variant.py").write_text("def values(seed):\n    return {'factor': seed + 1}\n")
    return folder


@pytest.fixture(scope="session")
def sandbox():
    """Skip where bubblewrap is not allowed."""
    reason = assignments.missing()
    if reason:
        pytest.skip(f"student code runs in bubblewrap, and {reason}")


def notebook(*cells, **metadata):
    """Return a notebook's file; a cell that begins with a # and a space is Markdown."""
    made = [
        {"cell_type": "markdown" if cell.startswith("# ") or cell.startswith("## ") else "code", "source": cell}
        | {"metadata": {}, "outputs": [], "execution_count": None}
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
