"""Run every benchmark and write ``benchmarks/results.json``; ``python -m benchmarks scoring`` runs one.

``--smallest`` runs them at their smallest size, to see that they run: figures are printed and not kept.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import benchmarks

RESULTS = Path(benchmarks.__file__).parent / "results.json"
NAMES = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_")


def main(arguments: list[str] | None = None) -> None:
    """Measure, print and write; a benchmark that fails is named and the others still run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"benchmarks to run, all if none is named: {', '.join(NAMES)}"
    )
    parser.add_argument("--smallest", action="store_true", help="smallest size, nothing is written")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(NAMES)):
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if options.names and RESULTS.exists() else {}
    failed = []
    for name in options.names or NAMES:
        print(f"{name} …", flush=True)
        try:
            rows = importlib.import_module(f"benchmarks.{name}").measure(smallest=options.smallest)
        except Exception as error:
            failed.append(name)
            print(f"  failed: {error!r}")
            continue
        results |= rows
        for key, row in rows.items():
            print(line(key, row))
    if not options.smallest:
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(bool(failed))


def line(key: str, row: dict[str, Any]) -> str:
    ours, reference = f"{row['ours']:.5g} {row['unit']}", f"{row['reference']:.5g}"
    return f"  {key:<44} {ours:>16}  reference {reference:>10}  ratio {row['ratio']:.3g}"


if __name__ == "__main__":
    main()
