"""``riskmap serve``: start the app on this machine and say where it is."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from typing import Annotated

import typer

from geo.base import paths
from geo.base.errors import InputError

HOST = "127.0.0.1"
PORT = 8501
HIGHEST = 65_535
START_SECONDS = 120.0
EXAMPLES = """
Ví dụ / Examples:

  riskmap serve

  riskmap serve --port 8600 --no-browser
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog=EXAMPLES)(serve_command)


def serve_command(
    port: Annotated[int, typer.Option(min=1, max=HIGHEST, help="Cổng trên máy này. Port on this machine.")] = PORT,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Mở trình duyệt. Open the browser when there is one.")
    ] = True,
    headless: Annotated[bool, typer.Option("--headless", help="Như --no-browser. The same as --no-browser.")] = False,
) -> None:
    """Mở bản đồ trên máy này. Start the map on this machine; Ctrl+C stops it."""
    check_port(port)
    url = f"http://{HOST}:{port}"
    process = subprocess.Popen(command(port), cwd=paths.ROOT)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        if answers(url, process):
            typer.echo(f"\n  Bản đồ / Map:  {url}\n  Dừng / Stop:   Ctrl+C\n")
            if browser and not headless and has_screen():
                webbrowser.open(url)
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
        code = 0
    raise typer.Exit(0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else 1)


def command(port: int) -> list[str]:
    """Return the command that runs the app on ``port`` of this machine only."""
    return [
        *(sys.executable, "-m", "dashboard.app.server", "run", str(paths.ROOT / "app.py")),
        *("--server.address", HOST, "--server.port", str(port), "--server.headless", "true"),
        *("--browser.gatherUsageStats", "false", "--logger.hideWelcomeMessage", "true"),
    ]


def check_port(port: int) -> None:
    """Raise an error that names the next free port when ``port`` cannot be used."""
    if not is_free(port):
        free = next((later for later in range(port + 1, HIGHEST + 1) if is_free(later)), 0)
        raise InputError("serve.port_in_use", port=port, free=free)


def is_free(port: int) -> bool:
    """Say whether a server could listen on ``port`` of this machine."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the app answers; false when it ended or takes too long."""
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def has_screen() -> bool:
    """Say whether somebody sits in front of a screen where a browser can open."""
    if not sys.stdout.isatty():
        return False
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
