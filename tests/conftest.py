"""Fixtures: a machine without data or network and a small public server; a course folder with small chapters."""

import collections
import gzip
import hashlib
import io
import json
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hypothesis
import nbformat
import numpy as np
import pytest
from xdist.scheduler import LoadScopeScheduling

from course_utils.data import _catalogue, _download, _lookup, editions
from course_utils.record import _ledger, fingerprint

TRAIN, TEST = 20, 10
# A test that takes longer, alone on a quiet machine, is marked slow, and `make quick` leaves it out.
SLOW = 2.0
# Hypothesis would fail an example that takes 0.2 s, which on a busy machine is any.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")


# What takes longest, so that no worker is alone with it at the end.
LONGEST = ("tests/test_identity.py", "tests/doctor/")


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, and leave for the end what waits for other processes."""
    items.sort(key=lambda item: (item.get_closest_marker("waits") is not None, not item.nodeid.startswith(LONGEST)))


class Together(LoadScopeScheduling):
    """Keep in one worker what shares what is slow to make: the view of a page, the doctor's programs, a file.

    Workers take these in the order in which they were collected, not as xdist would have it the one with most tests
    first: how many there are says little about how long they take.
    """

    def __init__(self, config, log):
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        page = re.search(r"\[(.+\.html)\]$", nodeid)
        if file == "tests/book/test_pages.py" and page:
            return page[1]
        return "tests/doctor" if file.startswith("tests/doctor/") else file


# xdist's own way, the mark `xdist_group`, is ignored in silence with pytest 9.2 (pytest-dev/pytest-xdist#1386).
def pytest_xdist_make_scheduler(config, log):
    """Distribute tests so, unless ``--dist`` asks for something else."""
    return Together(config, log) if config.option.dist == "load" else None


def pytest_terminal_summary(terminalreporter):
    """After `make quick`, name what ought to be marked slow. No failure: on a busy machine every test is slow."""
    if terminalreporter.config.option.markexpr != "not slow":
        return
    seconds = collections.Counter()
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("", []):
        if report.when != "teardown" and "slow" not in report.keywords:
            seconds[report.nodeid] += report.duration
    unmarked = [(test, taken) for test, taken in seconds.most_common() if taken > SLOW]
    if unmarked:
        terminalreporter.section(f"longer than {SLOW:.0f} s, and not marked slow")
        for test, taken in unmarked:
            terminalreporter.write_line(f"{taken:5.1f} s  {test}")


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """No data, no memory of earlier loads, and no way to the real public sources. Returns the cache folder."""
    for name in ("COURSE_DATA", "COURSE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(_lookup, "_DEBIAN", tmp_path / "no-debian")
    monkeypatch.setattr(_ledger, "_entries", {})
    monkeypatch.setattr(_lookup, "_noticed", set())
    monkeypatch.setattr(_download, "_gave_up", {})
    _download._answers.cache_clear()
    for name, entry in _catalogue.ENTRIES.items():
        offline = [replace(file, url=f"http://127.0.0.1:9/{file.name}") for file in entry.files]
        monkeypatch.setitem(_catalogue.ENTRIES, name, replace(entry, files=tuple(offline)))
    return tmp_path / "cache"


@pytest.fixture
def no_waiting(monkeypatch):
    """Retries follow each other without a pause."""
    monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)


class Server:
    """A public source: what each path answers, and what was asked."""

    def __init__(self):
        self.routes = {}
        self.asked = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(200)
                self.end_headers()

            def do_GET(self):
                server.asked.append(self.path)
                answer = server.routes.get(self.path)
                if answer is None:
                    self.send_error(404)
                    return
                if isinstance(answer, bytes):
                    answer = [answer]
                self.send_response(200)
                self.send_header("Content-Length", str(server.sizes[self.path]))
                self.end_headers()
                for piece in answer:
                    self.wfile.write(piece)

            def log_message(self, *args):
                pass

        self.sizes = {}
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_address[1]}"
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, path, content):
        """Answer a path with bytes."""
        self.routes[path] = content
        self.sizes[path] = len(content)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.httpd.shutdown()
    server.httpd.server_close()


@pytest.fixture
def publish(bare_machine, monkeypatch, server):
    """Offer other files as a data set's public ones: ``publish("mnist", {"mnist.npz": bytes})``."""

    def publish(name, contents):
        files = []
        for file_name, content in contents.items():
            server.serve(f"/{file_name}", content)
            digest = hashlib.sha256(content).hexdigest()
            files.append(_catalogue.File(file_name, f"{server.url}/{file_name}", digest, len(content)))
        entry = replace(_catalogue.ENTRIES[name], files=tuple(files), train=TRAIN, test=TEST)
        monkeypatch.setitem(_catalogue.ENTRIES, name, entry)
        return entry

    return publish


@pytest.fixture
def arrays():
    """X_train, y_train, X_test and y_test of a very small MNIST."""
    rng = np.random.default_rng(0)
    splits = [(rng.integers(0, 256, (n, 28, 28), np.uint8), np.arange(n, dtype=np.uint8) % 10) for n in (TRAIN, TEST)]
    return [array for split in splits for array in split]


@pytest.fixture(scope="session")
def npz():
    """Pack four arrays as Keras packs MNIST."""

    def npz(arrays):
        file = io.BytesIO()
        np.savez_compressed(file, **dict(zip(("x_train", "y_train", "x_test", "y_test"), arrays, strict=True)))
        return file.getvalue()

    return npz


@pytest.fixture(scope="session")
def idx():
    """Pack an array as a gzipped IDX file."""

    def idx(array):
        header = np.array([0x0800 + array.ndim, *array.shape], ">i4").tobytes()
        return gzip.compress(header + array.tobytes(), mtime=0)

    return idx


@pytest.fixture
def small_fashion(arrays, idx):
    """The four files of a very small Fashion-MNIST."""
    stems = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return {f"fashion-mnist/{stem}-ubyte.gz": idx(array) for stem, array in zip(stems, arrays, strict=True)}


class Course:
    """A course folder with chapters made of cells, whose stored outputs a run seems to have made.

    Its table of contents lists the chapters in the order in which they are written.
    """

    def __init__(self, folder):
        self.folder = folder
        for name in ("chapters", "book"):
            (folder / name).mkdir(parents=True)
        self.write("_toc.yml", "format: jb-book\nroot: book/index\nchapters:\n")
        self.write("constraints.txt", "numpy==2.1.0 \\\n    --hash=sha256:0\nscipy==1.0\n")
        self.write("README.md", "# A course\n")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def path(self, stem):
        return self.folder / "chapters" / f"{stem}.ipynb"

    def chapter(self, *cells, stem="01-tiny", **recorded):
        """Write a chapter and list it; keywords replace parts of its provenance."""
        notebook = nbformat.v4.new_notebook(cells=list(cells))
        for index, cell in enumerate(cells):
            cell.id = f"cell-{index}"
        for count, cell in enumerate((c for c in cells if c.cell_type == "code"), start=1):
            cell.execution_count = count
        provenance = {
            "date": "2025-01-31",
            "seconds": 150.0,
            "data": {"spiral": "generated"},
            "editions": {"spiral": editions("spiral")[0]},
            "results": {},
            "models": {},
            "versions": {"python": "3.11.7", "numpy": "2.1.0"},
            "backend": None,
            "hardware": "2 cores",
            "code": fingerprint(notebook),
        }
        notebook.metadata.course = nbformat.from_dict({"recorded": provenance | recorded})
        nbformat.write(notebook, self.path(stem))
        entry = f"  - file: chapters/{stem}\n"
        if entry not in self.text("_toc.yml"):
            self.write("_toc.yml", self.text("_toc.yml") + entry)
        return self.path(stem)

    def change(self, change, stem="01-tiny"):
        """Edit a chapter behind the runner's back: ``change`` takes its parsed JSON."""
        notebook = json.loads(self.path(stem).read_text(encoding="utf-8"))
        change(notebook)
        self.path(stem).write_text(json.dumps(notebook), encoding="utf-8")

    @staticmethod
    def prose(text):
        return nbformat.v4.new_markdown_cell(text)

    @staticmethod
    def code(source, *outputs, **metadata):
        return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)

    @staticmethod
    def recorded(name, value, tolerance=0.0):
        """The output that ``record`` leaves."""
        return nbformat.v4.new_output(
            "display_data",
            {"application/papermill.record/text/plain": repr(value)},
            metadata={
                "scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"},
                "course": {"value": value, "tolerance": tolerance},
            },
        )


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "course")


@pytest.fixture(scope="module")
def shared_course(tmp_path_factory):
    """A course folder that the tests of a file share, because running its chapters takes long."""
    return Course(tmp_path_factory.mktemp("shared") / "course")


@pytest.fixture
def paper(monkeypatch):
    """Draw without a screen, object if a figure is shown or the style is touched, and clear up."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    before = mpl.rcParams.copy()
    with plt.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        style = mpl.rcParams.copy()
        monkeypatch.setattr(plt, "show", lambda *args, **kwargs: pytest.fail("plt.show was called"))
        yield
        assert mpl.rcParams == style
        plt.close("all")
    assert {k: v for k, v in mpl.rcParams.items() if "backend" not in k} == {
        k: v for k, v in before.items() if "backend" not in k
    }
