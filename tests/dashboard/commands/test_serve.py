"""The command that starts the app says clearly when it cannot."""

import socket
import sys
import threading

import pytest
from streamlit.web import cli

from dashboard.app import server
from dashboard.cache import cached
from dashboard.commands import serve
from geo.base.errors import DataFault, InputError


@pytest.fixture
def taken() -> int:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_an_input_error_with_the_next_free_one(taken: int) -> None:
    with pytest.raises(InputError) as caught:
        serve.check_port(taken)
    assert caught.value.exit_code == 2
    assert caught.value.values["free"] > taken
    assert str(taken) in caught.value.message("vi")
    assert serve.is_free(caught.value.values["free"])


def test_the_app_listens_on_this_machine_only_and_tells_nobody() -> None:
    words = " ".join(serve.command(8600))
    assert "--server.address 127.0.0.1" in words
    assert "--browser.gatherUsageStats false" in words
    assert "--server.headless true" in words


@pytest.mark.parametrize("fault", [None, DataFault("datasets.missing", path="x.csv")])
def test_the_server_reads_the_data_while_streamlit_starts(monkeypatch, fault) -> None:
    given, read = [], threading.Event()

    def warm() -> None:
        read.set()
        if fault is not None:
            raise fault

    monkeypatch.setattr(cached, "warm", warm)
    monkeypatch.setattr(cli, "main", given.append)
    monkeypatch.setattr(sys, "argv", ["server", *serve.command(8600)[3:]])
    failed = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    server.main()
    assert read.wait(60)
    for thread in [one for one in threading.enumerate() if one.name.endswith("(_warm)")]:
        thread.join(60)
    assert given[0][0] == "run" and given[0][1].endswith("app.py") and not failed
