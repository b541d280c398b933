"""Icons without the theme's icon fonts and scripts, which weigh 800 KB for some twenty pictures.

The theme marks an icon with classes of Font Awesome. A style sheet, made of Font Awesome's own pictures, lets each of
them through as a mask over the text's colour: so icons follow light and dark, and no page asks for a file.
"""

from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx

_PICTURES = Path(__file__).parents[1] / "node_modules" / "@fortawesome" / "fontawesome-free" / "svgs"

# The theme's icons, by their class; where the file has another name, it stands behind.
_CLASSES = {
    "solid": [
        *("angle-left", "angle-right", "arrow-up", "bars", "chevron-down", "circle-half-stroke", "download", "expand"),
        *("file", "file-pdf", "lightbulb", "list", "moon", "pencil", "rocket", "sun", "xmark"),
        *("magnifying-glass", "pencil-alt=pencil"),
    ],
    "brands": ["github"],
}
# Icons that style sheets draw themselves, before or behind what the selector names.
_DRAWN = {
    ".admonition > .admonition-title::after": "circle-info",
    ".admonition:is(.tip, .hint) > .admonition-title::after": "lightbulb",
    ".admonition:is(.warning, .caution, .danger) > .admonition-title::after": "triangle-exclamation",
    ".admonition:is(.attention, .important) > .admonition-title::after": "circle-exclamation",
    ".admonition.error > .admonition-title::after": "circle-xmark",
    ".admonition.seealso > .admonition-title::after": "share",
    "a.reference.download::before": "download",
    "nav.bd-links li > a.reference.external::after": "arrow-up-right-from-square",
    "div#searchbox p.highlight-link a::before": "magnifying-glass-minus",
    ".bd-sidebar-secondary.hide:not(:hover) .onthispage::after": "chevron-down",
}
_MASK = (
    'content: ""; display: inline-block; width: 1em; height: 1em; background: currentColor; '
    "mask: var(--icon) center / contain no-repeat; vertical-align: -0.125em;"
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_css_file("icon-pictures.css")
    app.add_css_file("icons.css")
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(app: Sphinx) -> None:
    if app.builder.format == "html":
        sheet = Path(app.outdir) / "_static" / "icon-pictures.css"
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(style_sheet(), encoding="utf-8")


def style_sheet() -> str:
    """Return the style sheet with all icons."""
    marked = ":is(.fas, .fab, .fa-solid, .fa-brands)::before"
    rules = [f"{marked}, {', '.join(_DRAWN)} {{ {_MASK} }}"]
    for family, names in _CLASSES.items():
        for name, _, other in (entry.partition("=") for entry in names):
            rules.append(f".fa-{name} {{ --icon: {_url(family, other or name)}; }}")
    rules += [f"{selector} {{ --icon: {_url('solid', name)}; }}" for selector, name in _DRAWN.items()]
    # Where readers force their own colours, backgrounds vanish, and with them what a mask lets through.
    rules.append(
        f"@media (forced-colors: active) {{ {marked}, {', '.join(_DRAWN)} "
        "{ forced-color-adjust: none; background: ButtonText; } }"
    )
    return "\n".join(rules) + "\n"


def _url(family: str, name: str) -> str:
    picture = (_PICTURES / family / f"{name}.svg").read_text(encoding="utf-8")
    return f'url("data:image/svg+xml,{quote(picture, safe=" /:=!")}")'
