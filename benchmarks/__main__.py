"""Run every benchmark and write ``benchmarks/results.json``; ``python -m benchmarks scoring`` runs one."""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import benchmarks


def main() -> None:
    """Measure, print and write; a benchmark that fails is named and the others still run."""
    names = sys.argv[1:] or [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    path = Path(benchmarks.__file__).parent / "results.json"
    results = json.loads(path.read_text(encoding="utf-8")) if sys.argv[1:] and path.exists() else {}
    failed = []
    for name in [name for name in names if not name.startswith("_")]:
        print(f"{name} …", flush=True)
        try:
            measured = importlib.import_module(f"benchmarks.{name}").measure()
        except Exception as error:
            failed.append(name)
            print(f"  failed: {error!r}")
            continue
        results |= measured
        for key, row in measured.items():
            ours, reference = f"{row['ours']:.5g} {row['unit']}", f"{row['reference']:.5g}"
            print(f"  {key:<44} {ours:>16}  reference {reference:>10}  ratio {row['ratio']:.3g}")
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
