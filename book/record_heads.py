"""Train the networks of the attention laboratory: ``python book/record_heads.py``, a minute for each.

Each is two files in ``book/labs/heads``: ``NAME.npz`` has the weights in half precision, ``NAME.json`` says what made
them. What is run is the program that the laboratory shows for its network, so that a reader can do the same.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import keras
import numpy as np

from course_utils.record import digest_arrays, environment

LABS = Path(__file__).parent / "labs"
FOLDER = LABS / "heads"
HANDS, SEED, JUDGED = 128_000, 0, 4000
# Whether letters lie in pairs, of which the later card counts, and whether cards tell where they lie.
GAMES = {
    "cards": {"pairs": False, "places": False},
    "later": {"pairs": True, "places": True},
    "blind": {"pairs": True, "places": False},
}
_PROGRAM = """
import { readFileSync } from "node:fs";
import { program } from "./attention-lab/keras.mjs";
const hand = Array.from({ length: 8 }, (_, i) => [i >> 1, i]);
process.stdout.write(program({ hand, asked: 0, ...JSON.parse(readFileSync(0, "utf8")) }));
"""


def program(name: str, hands: int = HANDS) -> str:
    """Return the program that the laboratory shows for a network."""
    told = json.dumps(GAMES[name] | {"hands": hands, "seed": SEED})
    node = ["node", "--input-type=module", "--eval", _PROGRAM]
    return subprocess.run(node, input=told, capture_output=True, text=True, check=True, cwd=LABS).stdout


def arrays(model: keras.Model) -> dict[str, np.ndarray]:
    """Name a network's weights as the laboratory does; matrices have a row for each input."""
    found = {"letter": model.get_layer("letter").get_weights()[0], "digit": model.get_layer("digit").get_weights()[0]}
    weights = iter(model.get_layer("head").get_weights())
    for part in ("query", "key", "value", "mix"):
        matrix, bias = next(weights), next(weights)
        size = bias.size
        found |= {part: matrix.reshape(-1, size), f"{part}Bias": bias.reshape(1, size)}
    matrix, bias = model.get_layer("answer").get_weights()
    found |= {"answer": matrix, "answerBias": bias.reshape(1, -1)}
    if "place" in {layer.name for layer in model.layers}:
        found["place"] = model.get_layer("place").get_weights()[0]
    return found


def train(name: str, hands: int = HANDS) -> tuple[dict[str, np.ndarray], float]:
    """Run the program; its weights, and the share of new hands that they answer rightly."""
    names: dict[str, Any] = {}
    exec(compile(program(name, hands), f"<attention-lab {name}>", "exec"), names)
    model = names["model"]
    for weight in model.weights:  # judged are the weights that are stored
        weight.assign(weight.numpy().astype("float16"))
    stored = {part: values.astype("float16") for part, values in arrays(model).items()}
    X, y = names["deal"](JUDGED, 1000)
    return stored, float(np.mean(model.predict(X, verbose=0).argmax(axis=1) == y))


def main() -> None:
    """Train the networks that are named, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or GAMES:
        found, right = train(name)
        np.savez_compressed(FOLDER / f"{name}.npz", **found)
        versions = {what: environment()["versions"][what] for what in ("keras", "tensorflow", "numpy")}
        told = GAMES[name] | {"hands": HANDS, "seed": SEED, "right": round(right, 4), "judged": JUDGED}
        told |= {"date": date.today().isoformat(), "versions": versions, "digest": digest_arrays(*found.values())}
        (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        keras.backend.clear_session()
        print(name, told)


if __name__ == "__main__":
    main()
