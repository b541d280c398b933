"""What the doctor finds with the versions that are installed: ``python -m tests.doctor.versions FOLDER``.

The programs of its reference pages are run as they stand, on the backend that ``KERAS_BACKEND`` names, and what comes
of them is written into the folder, for the page of other versions.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def report():
    """Run all: which mistakes Keras lets pass, which the doctor misses, which mended programs it objects to."""
    from course_utils.record import environment

    from .programs import run_all

    outcomes = run_all()
    told = environment()
    said = {which: {code: ran[which]["codes"] for code, ran in outcomes.items()} for which in ("before", "after")}
    return {
        **{name: told[name] for name in ("date", "hardware", "versions", "backend")},
        "programs": len(outcomes),
        "passed": [code for code, ran in outcomes.items() if ran["before"]["how"] == "silent"],
        "missed": {
            code: codes
            for code, codes in said["before"].items()
            if code not in codes and outcomes[code]["before"]["how"] != "silent"
        },
        "alarms": {code: codes for code, codes in said["after"].items() if codes},
    }


if __name__ == "__main__":
    found = report()
    name = f"keras-{found['versions']['keras']}-{found['backend']}.json"
    Path(sys.argv[1], name).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
