"""The directive ``how-to-cite``: CITATION.cff as a sentence and as BibTeX."""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("how-to-cite", HowToCite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class HowToCite(SphinxDirective):
    """How to cite the book."""

    def run(self) -> list[nodes.Node]:
        """Read the file and show both forms."""
        path = Path(self.env.srcdir) / "CITATION.cff"
        self.env.note_dependency(str(path))
        cited = yaml.safe_load(path.read_text(encoding="utf-8"))
        entry = bibtex(cited)
        return [
            nodes.block_quote("", nodes.paragraph(text=sentence(cited))),
            nodes.literal_block(entry, entry, language="bibtex"),
        ]


def sentence(cited: dict) -> str:
    """Return the citation as it stands in a list of references."""
    return (
        f"{_authors(cited, ', ')} ({_year(cited)}). {cited['title']}, version {cited['version']}. "
        f"{cited['repository-code']}"
    )


def bibtex(cited: dict) -> str:
    """Return the citation as an entry for BibTeX."""
    fields = {
        # Double braces keep BibTeX from taking a group's name apart.
        "author": f"{{{_authors(cited, ' and ')}}}",
        "title": f"{{{cited['title']}}}",
        "year": _year(cited),
        "version": cited["version"],
        "url": cited["repository-code"],
    }
    lines = "".join(f"  {name:<7} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{nn-by-experiment,\n{lines}}}"


def _authors(cited: dict, between: str) -> str:
    people = cited["authors"]
    return between.join(a.get("name") or f"{a['given-names']} {a['family-names']}" for a in people)


def _year(cited: dict) -> str:
    return str(cited["date-released"])[:4]
