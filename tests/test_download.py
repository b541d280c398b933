"""Whatever happens on the way, a download ends in the right data or in a clear error, and leaves no litter."""

import builtins
import errno
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pooch
import pytest

from course_utils.data import DataError, _download, cats_vs_dogs, fashion_mnist, fetch, mnist

pytestmark = pytest.mark.usefixtures("bare_machine", "no_waiting")


@pytest.fixture
def small_npz(npz, arrays):
    return npz(arrays)


def files_in(folder):
    """Every file below a folder, temporary ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_small_data_set_downloads_by_itself_and_is_found_in_the_cache_the_next_time(
    publish, server, small_npz, arrays, bare_machine
):
    publish("mnist", {"mnist.npz": small_npz})
    data = mnist()
    again = mnist()
    assert data.source == again.source == "real"
    assert server.asked == ["/mnist.npz"]
    for got, expected in zip((data.X_train, data.y_train, data.X_test, data.y_test), arrays, strict=True):
        np.testing.assert_array_equal(got, expected)
    assert files_in(bare_machine) == ["mnist.npz"]


def test_a_data_set_of_several_files_downloads_into_one_folder(publish, small_fashion, arrays, bare_machine):
    publish("fashion_mnist", small_fashion)
    assert fetch("fashion_mnist") == bare_machine / "fashion-mnist"
    assert files_in(bare_machine) == sorted(small_fashion)
    data = fashion_mnist(download=False)
    assert data.source == "real"
    np.testing.assert_array_equal(data.X_test, arrays[2])


def test_only_the_missing_files_are_downloaded(publish, server, small_fashion, bare_machine):
    publish("fashion_mnist", small_fashion)
    fetch("fashion_mnist")
    lost = bare_machine / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz"
    lost.unlink()
    server.asked.clear()
    assert fashion_mnist().source == "real"
    assert server.asked == ["/fashion-mnist/t10k-labels-idx1-ubyte.gz"]


def test_download_false_never_asks_the_server(publish, server, small_npz):
    publish("mnist", {"mnist.npz": small_npz})
    assert mnist(download=False).source == "embedded"
    assert server.asked == []


def test_a_large_data_set_downloads_only_when_asked_for(publish, server):
    publish("cats_vs_dogs", {"cats_vs_dogs/kagglecatsanddogs_5340.zip": b"not even a zip"})
    assert cats_vs_dogs(n=2, size=16).source == "embedded"
    assert cats_vs_dogs(n=2, size=16, download=None).source == "embedded"
    assert server.asked == []
    with pytest.raises(DataError, match=r"kagglecatsanddogs_5340\.zip .*cannot be read as a zip"):
        cats_vs_dogs(n=2, size=16, download=True)
    assert server.asked == ["/cats_vs_dogs/kagglecatsanddogs_5340.zip"]


def test_a_slow_server_is_waited_for(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})

    def in_drops():
        for start in range(0, len(small_npz), 4000):
            threading.Event().wait(0.05)
            yield small_npz[start : start + 4000]

    server.routes["/mnist.npz"] = in_drops()
    assert mnist().source == "real"
    assert files_in(bare_machine) == ["mnist.npz"]


def test_a_server_that_falls_silent_is_given_up(publish, server, small_npz, bare_machine, monkeypatch):
    publish("mnist", {"mnist.npz": small_npz})
    monkeypatch.setattr(_download, "_PATIENT", (1, 0.2))
    monkeypatch.setattr(_download, "_RETRIES", 0)
    wait = threading.Event()

    def half_then_nothing():
        yield small_npz[:1000]
        wait.wait(5)

    server.routes["/mnist.npz"] = half_then_nothing()
    with pytest.raises(DataError, match=r"MNIST: .*mnist\.npz .*was silent for 0.2 seconds"):
        mnist(download=True)
    wait.set()
    assert files_in(bare_machine) == []


def test_a_download_that_is_cut_off_is_tried_again(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})

    class CutOffOnce:
        first = True

        def __iter__(self):
            yield small_npz[:1000] if self.first else small_npz
            self.first = False

    server.routes["/mnist.npz"] = CutOffOnce()
    assert mnist(download=True).source == "real"
    assert server.asked == ["/mnist.npz"] * 2
    assert files_in(bare_machine) == ["mnist.npz"]


def test_a_download_that_is_always_cut_off_ends_in_an_error(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})
    server.routes["/mnist.npz"] = [small_npz[:1000]]
    with pytest.raises(DataError, match=rf"MNIST: .*mnist\.npz .*cut off before all {len(small_npz):,} bytes"):
        mnist(download=True)
    assert len(server.asked) == 1 + _download._RETRIES
    assert files_in(bare_machine) == []


def test_wrong_bytes_end_in_an_error_that_tells_both_checksums(publish, server, small_npz, bare_machine):
    entry = publish("mnist", {"mnist.npz": small_npz})
    server.serve("/mnist.npz", b"<html>Please log in to this network</html>")
    with pytest.raises(DataError, match=rf"mnist\.npz .*{entry.files[0].sha256} but got [0-9a-f]{{64}}"):
        mnist(download=True)
    assert files_in(bare_machine) == []


def test_a_file_that_has_moved_ends_in_an_error_that_tells_the_status(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})
    server.routes.clear()
    with pytest.raises(DataError, match=r"mnist\.npz .*the server answered 404 .*COURSE_DATA_DIR"):
        fetch("mnist")
    assert files_in(bare_machine) == []


@pytest.mark.parametrize("answer", [None, [b"too short"], b"wrong"])
def test_a_failed_automatic_download_falls_back_on_the_sample_and_is_not_tried_again(
    publish, server, small_npz, bare_machine, capsys, answer
):
    publish("mnist", {"mnist.npz": small_npz})
    server.routes["/mnist.npz"] = answer
    assert mnist().source == mnist().source == "embedded"
    assert server.asked == ["/mnist.npz"]
    assert files_in(bare_machine) == []
    assert capsys.readouterr().out.count("MNIST: using the 4,000 + 1,000 digits") == 1


def test_without_a_network_the_sample_comes_quickly_with_one_line_of_notice(capsys):
    start = time.perf_counter()
    data = fashion_mnist(), fashion_mnist()
    assert time.perf_counter() - start < 5
    assert [d.source for d in data] == ["embedded", "embedded"]
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Fashion-MNIST: using the embedded sample of 10,000 + 2,000 images (no connection to 127.0.0.1:9). "
        "For the real data: course data fetch fashion_mnist"
    ]


def test_without_a_network_a_download_that_was_asked_for_ends_in_an_error(bare_machine):
    with pytest.raises(DataError, match=r"Fashion-MNIST: .*train-images-idx3-ubyte\.gz .*no connection"):
        fashion_mnist(download=True)
    assert files_in(bare_machine) == []


def test_a_name_server_that_never_answers_does_not_hold_up_the_reader(monkeypatch):
    never = threading.Event()
    monkeypatch.setattr("requests.head", lambda *args, **kwargs: never.wait(30))
    monkeypatch.setattr(_download, "_HASTY", (0.1, 0.1))
    start = time.perf_counter()
    assert mnist().source == "embedded"
    assert time.perf_counter() - start < 4
    never.set()


def test_a_corrupted_file_in_the_cache_is_fetched_again(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})
    mnist()
    cached = bare_machine / "mnist.npz"
    for damaged in (small_npz[:-7], small_npz[:500] + b"\0" + small_npz[501:]):
        cached.write_bytes(damaged)
        assert mnist().source == "real"
        assert cached.read_bytes() == small_npz
    assert len(server.asked) == 3


def test_a_corrupted_file_in_the_cache_is_not_used_without_a_network(publish, server, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})
    mnist()
    (bare_machine / "mnist.npz").write_bytes(small_npz[:-7])
    server.routes.clear()
    assert mnist().source == "embedded"
    with pytest.raises(DataError, match="404"):
        mnist(download=True)


@pytest.fixture
def full_disk(monkeypatch):
    """Files that pooch writes get no more than 1,000 bytes."""

    def open_nearly_full(path, mode="r", **kwargs):
        file = builtins.open(path, mode, **kwargs)  # noqa: PTH123, SIM115
        write = file.write

        class Full:
            def write(self, content):
                write(content[:1000])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            def __getattr__(self, name):
                return getattr(file, name)

        return Full()

    monkeypatch.setattr("pooch.downloaders.open", open_nearly_full, raising=False)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_ends_in_an_error_that_says_how_to_use_another(publish, small_npz, bare_machine):
    publish("mnist", {"mnist.npz": small_npz})
    with pytest.raises(DataError, match=rf"No space left on device; make room in {bare_machine} .*COURSE_CACHE_DIR"):
        mnist(download=True)
    assert files_in(bare_machine) == []


def test_a_cache_that_cannot_be_written_ends_in_an_error_or_in_the_sample(
    publish, small_npz, tmp_path, monkeypatch, capsys
):
    publish("mnist", {"mnist.npz": small_npz})
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(in_the_way / "cache"))
    with pytest.raises(DataError, match="COURSE_CACHE_DIR"):
        mnist(download=True)
    assert mnist().source == "embedded"


def test_two_processes_that_download_at_once_both_get_the_data(publish, server, small_npz, bare_machine):
    entry = publish("mnist", {"mnist.npz": small_npz})
    both = threading.Barrier(2, timeout=30)

    class BothAtOnce:
        def __iter__(self):
            yield small_npz[:1000]
            both.wait()
            yield small_npz[1000:]

    server.routes["/mnist.npz"] = BothAtOnce()
    code = f"""
from dataclasses import replace
from course_utils.data import _catalogue, mnist
File = _catalogue.File
entry = replace(_catalogue.ENTRIES["mnist"], files={entry.files!r}, train={entry.train}, test={entry.test})
_catalogue.ENTRIES["mnist"] = entry
print(mnist(download=True))
"""
    start = [sys.executable, "-c", code]
    processes = [subprocess.Popen(start, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert outputs == ["MNIST (real): 20 training, 10 test images, 28×28, 10 classes\n"] * 2
    assert len(server.asked) == 2
    assert files_in(bare_machine) == ["mnist.npz"]


def test_what_a_killed_process_left_is_swept_up_after_a_day(bare_machine):
    ours = bare_machine / "cats_vs_dogs"
    (ours / "tmp-old-folder" / "cat").mkdir(parents=True)
    for path, hours in ((ours / "tmp-old", 25), (ours / "tmp-in-use", 1), (bare_machine / "tmp-not-ours", 25)):
        path.write_text("half a download")
        os.utime(path, (time.time() - hours * 3600,) * 2)
    os.utime(ours / "tmp-old-folder", (0, 0))
    photos = cats_vs_dogs(n=2, size=16)
    assert {path.name for path in ours.iterdir()} == {"tmp-in-use", photos.folder.parent.name}
    assert (bare_machine / "tmp-not-ours").exists()


def test_the_cache_is_the_operating_systems_unless_another_is_named(monkeypatch, tmp_path):
    assert _download.cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("COURSE_CACHE_DIR")
    assert _download.cache_folder() == pooch.os_cache("course-utils")


def test_an_unknown_name_is_answered_with_the_nearest_right_one():
    with pytest.raises(DataError, match=r"no data set 'fashion-mnits'\. Did you mean 'fashion_mnist'\?"):
        fetch("fashion-mnits")
    with pytest.raises(DataError, match=r"no data set 'zebra'\. The data sets are spiral, mnist"):
        fetch("zebra")


def test_what_is_always_here_need_not_be_fetched():
    with pytest.raises(DataError, match="nothing has to be downloaded for 'spiral'"):
        fetch("spiral")
