"""The command line: ``riskmap serve | assess | patterns | allocate | index | outreach … | data …``; no streamlit."""

from __future__ import annotations

import sys

import typer

from dashboard.commands import allocate, assess, data, index, outreach, patterns, serve, site, validity
from geo.base.errors import RiskmapError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bản đồ nguy cơ mua bán người cấp xã. Commune risk map for the prevention of human trafficking.",
)


@app.callback()
def _root() -> None:
    """Bản đồ nguy cơ mua bán người cấp xã. Commune risk map for the prevention of human trafficking."""


assess.register(app)
allocate.register(app)
site.register(app)
serve.register(app)
index.register(app)
outreach.register(app)
patterns.register(app)
validity.register(app)
data.register(app)


def main() -> None:
    """Run the command line; errors people can act on end with their message and exit code, not a traceback."""
    try:
        app()
    except RiskmapError as error:
        typer.secho(str(error), err=True, fg=typer.colors.RED)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
