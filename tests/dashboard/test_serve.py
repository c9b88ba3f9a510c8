"""The command that starts the app says clearly when it cannot."""

import socket

import pytest

from dashboard.commands import serve
from geo.errors import InputError


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
