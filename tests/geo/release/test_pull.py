"""Downloads: whole or resumed, checked, recorded; from a server of our own on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geo.base.errors import InputError
from geo.release import pull

CONTENT = bytes(range(256)) * 8192
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT; breaks the first ``breaks`` transfers after half of what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.breaks, self.ranges, self.status, self.tag = 0, True, 200, '"one"'
        self.requests: list[str | None] = []

    def address(self, path: str = "communes.zip") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.requests.append(asked)
        if self.path.startswith("/loop"):
            self.send_response(302)
            self.send_header("Location", self.path + "x")
            self.end_headers()
            return
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        start = 0
        fresh = self.headers.get("If-Range") in (None, self.server.tag)
        if asked and self.server.ranges and fresh:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if self.server.tag:
            self.send_header("ETag", self.server.tag)
        self.end_headers()
        if self.server.breaks:
            self.server.breaks -= 1
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()


def source(server: Server, sha256: str = DIGEST) -> pull.Source:
    return pull.Source("test", server.address(), licence="MIT", sha256=sha256)


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_download_is_whole_checked_and_recorded(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    got = pull.pull(source(server), folder=tmp_path, progress=lambda here, total: seen.append((here, total)))
    assert got.path.read_bytes() == CONTENT and got.sha256 == DIGEST and got.checksum_known and got.fetched
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert left(tmp_path) == {"test.zip", "downloads.json"}
    again = pull.pull(source(server), folder=tmp_path)
    assert not again.fetched and len(server.requests) == 1


def test_a_broken_transfer_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.breaks = 2
    got = pull.pull(source(server), folder=tmp_path, wait=0.0)
    assert got.path.read_bytes() == CONTENT
    assert server.requests[0] is None
    assert [int(str(asked).removeprefix("bytes=").rstrip("-")) > 0 for asked in server.requests[1:]] == [True, True]
    assert left(tmp_path) == {"test.zip", "downloads.json"}


@pytest.mark.parametrize(("ranges", "tag"), [(False, '"one"'), (True, "")])
def test_a_server_that_cannot_resume_starts_again(ranges: bool, tag: str, server: Server, tmp_path: Path) -> None:
    server.breaks, server.ranges, server.tag = 1, ranges, tag
    assert pull.pull(source(server), folder=tmp_path, wait=0.0).path.read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_what_came_is_kept_for_the_next_call(server: Server, tmp_path: Path) -> None:
    server.breaks = 2
    with pytest.raises(InputError) as caught:
        pull.pull(source(server), folder=tmp_path, attempts=2, wait=0.0)
    assert caught.value.code == "pull.broken" and "2 lần thử" in caught.value.message("vi")
    assert "test.zip" not in left(tmp_path) and "test.zip.part" in left(tmp_path)
    assert pull.pull(source(server), folder=tmp_path, wait=0.0).path.read_bytes() == CONTENT
    assert str(server.requests[-1]).startswith("bytes=") and left(tmp_path) == {"test.zip", "downloads.json"}


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(server: Server, tmp_path: Path) -> None:
    server.breaks = 1
    with pytest.raises(InputError):
        pull.pull(source(server), folder=tmp_path, attempts=1, wait=0.0)
    server.tag = '"two"'
    assert pull.pull(source(server), folder=tmp_path, wait=0.0).path.read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        pull.pull(source(server, "0" * 64), folder=tmp_path, wait=0.0)
    assert caught.value.code == "pull.checksum" and "0" * 64 in caught.value.message("vi")
    assert left(tmp_path) == set()


def test_an_unknown_checksum_is_recorded_and_holds_from_then_on(server: Server, tmp_path: Path) -> None:
    first = pull.pull(source(server, ""), folder=tmp_path)
    assert not first.checksum_known and first.sha256 == DIGEST
    first.path.write_bytes(b"changed on disk")
    second = pull.pull(source(server, ""), folder=tmp_path)
    assert second.checksum_known and second.fetched and second.path.read_bytes() == CONTENT
    assert pull.pull(source(server, ""), folder=tmp_path, refresh=True).fetched


def test_servers_that_refuse_or_are_not_there(server: Server, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(InputError) as caught:
        pull.pull(source(server), folder=tmp_path, wait=0.0)
    assert caught.value.code == "pull.refused" and len(server.requests) == 1, "a clear no is not asked again"
    server.status = 503
    with pytest.raises(InputError) as caught:
        pull.pull(source(server), folder=tmp_path, attempts=3, wait=0.0)
    assert caught.value.code == "pull.broken" and len(server.requests) == 4
    nobody = pull.Source("x", "http://127.0.0.1:9/x.zip")
    with pytest.raises(InputError) as caught:
        pull.pull(nobody, folder=tmp_path, attempts=2, wait=0.0)
    assert caught.value.code == "pull.broken"


def test_known_sources_are_complete_and_honest() -> None:
    for name, one in pull.sources().items():
        assert one.url.startswith("https://") and one.licence and one.licence_url and one.title_vi and one.title_en, (
            name
        )
        assert one.checksum_from and len(one.sha256) in (0, 64), name
    assert pull.find().name == pull.DEFAULT
    assert pull.find(url="https://example.org/a.zip", sha256="SHA256:" + "A" * 64).sha256 == "a" * 64
    for wrong in ({"name": "nowhere"}, {"url": "file:///etc/passwd"}, {"url": "communes.zip"}, {"sha256": "12"}):
        with pytest.raises(InputError):
            pull.find(**wrong)


def test_a_folder_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pull.pull(source(server), folder=tmp_path / "file" / "downloads", wait=0.0)
    assert caught.value.code == "pull.cannot_write"


def test_an_address_that_leads_in_circles(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        pull.pull(pull.Source("x", server.address("loop")), folder=tmp_path, wait=0.0)
    assert caught.value.code == "pull.unreachable"
