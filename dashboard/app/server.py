"""The process behind ``riskmap serve``: Streamlit, and the data of the first page, read before anybody asks."""

from __future__ import annotations

import contextlib
import sys
import threading

from geo.base.errors import RiskmapError


def main() -> None:
    """Run Streamlit with the arguments of the command line."""
    threading.Thread(target=_warm, daemon=True).start()
    from streamlit.web import cli

    cli.main(sys.argv[1:])


def _warm() -> None:
    """Read the data; what is wrong with them is left to the page to show.

    Pages are not imported: a component that is declared before Streamlit runs is not found by the browser.
    """
    from dashboard.cache import cached

    with contextlib.suppress(RiskmapError):
        cached.warm()


if __name__ == "__main__":
    main()
