"""Draw what stands in for the laboratories where they do not run: ``python book/draw_labs.py``, after ``make book``.

Each picture shows the two panels of a laboratory in use, on the first page that has it. Where a laboratory changes what
it looks like, its picture is drawn again.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

BOOK = Path(__file__).parent
SITE = BOOK.parent / "_build" / "html"
STACK = ["Conv2D(16, 3)", "MaxPooling2D(2)", "Conv2D(32, 3)", "MaxPooling2D(2)", "Conv2D(64, 3)", "MaxPooling2D(2)"]
# By the name of its picture: the laboratory and the state in which it is shown, the button that is pressed, what stands
# on the page when that is done, and the part that the picture shows.
IN_USE = {
    "spiral-lab": ("", "Train", "Epoch 100, five seeds", ".pictures"),
    "kernel-lab": ("", "vertical edges", "298 × 449 numbers", ".pictures"),
    "network-builder": (f"&input=24_24_3&net={'~'.join(STACK)}", "+ Conv2D", "Layer 7 cannot work", ".stack"),
    "digit-lab": ("&source=4", "Shift test", "Shift test: Of 168", ".panels"),
    "attention-lab": ("&seed=3", "Play 2,000 games", "new games", ".table"),
    "photo-lab": ("&size=128", "Cover it square by square", "Occlusion −", ".maps"),
    "your-network": ("&network=example&guess=-", "conv2d_1", "conv2d_1 makes", ".pictures"),
    "threshold-lab": ("", "Best on the first half", "Threshold", ".pictures"),
    "threshold-lab-dogs": ("&data=dogs&target=0.99&steps=200", "Best on the first half", "Threshold", ".pictures"),
}


def main() -> None:
    """Open each laboratory, use it, and store what its panels show."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(
            viewport={"width": 1280, "height": 1400}, device_scale_factor=1.5, reduced_motion="reduce"
        )
        for drawn in sys.argv[1:] or IN_USE:
            name = drawn.removesuffix("-dogs")
            pages = (
                p for p in sorted((SITE / "chapters").glob("*.html")) if f"<{name} " in p.read_text(encoding="utf-8")
            )
            state, button, done, part = IN_USE[drawn]
            tab.goto(f"{next(pages).as_uri()}#{name}?said=-{state}")
            tab.reload()
            tab.get_by_role("button", name=button, exact=True).click()
            tab.locator(f"{name} .bench p", has_text=done).first.wait_for(timeout=300_000)
            tab.wait_for_timeout(1000)
            # Captions would be too small to read, buttons cannot be pressed, and a number would tell the answer.
            needless = tab.locator(f"{name} :is(.pictures figcaption, .method button, .agreed)")
            needless.evaluate_all("all => all.forEach(one => one.remove())")
            panels = tab.locator(f"{name} {part}")
            picture = Image.open(io.BytesIO(panels.screenshot())).convert("RGB")
            picture.save(BOOK / "labs" / "pictures" / f"{drawn}.webp", quality=82, method=6)
        browser.close()


if __name__ == "__main__":
    main()
