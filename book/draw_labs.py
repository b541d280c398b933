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
# What is done before the picture is taken, by the name of a button, and the seconds that it takes.
IN_USE = {"spiral-lab": ("Train", 20), "kernel-lab": ("vertical edges", 1)}


def main() -> None:
    """Open each laboratory, use it, and store what its panels show."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(
            viewport={"width": 1280, "height": 1400}, device_scale_factor=1.5, reduced_motion="reduce"
        )
        for name in sys.argv[1:] or IN_USE:
            pages = (
                p for p in sorted((SITE / "chapters").glob("*.html")) if f"<{name} " in p.read_text(encoding="utf-8")
            )
            button, seconds = IN_USE[name]
            tab.goto(f"{next(pages).as_uri()}#{name}?said=-")
            tab.reload()
            tab.get_by_role("button", name=button, exact=True).click()
            tab.wait_for_timeout(1000 * seconds)
            panels = tab.locator(f"{name} .pictures")
            picture = Image.open(io.BytesIO(panels.screenshot())).convert("RGB")
            picture.save(BOOK / "labs" / "pictures" / f"{name}.webp", quality=82, method=6)
        browser.close()


if __name__ == "__main__":
    main()
