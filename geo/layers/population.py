"""The population of every commune: the dossiers' figures on the level of 2024, or those you import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo import units
from geo.base import paths
from geo.base.errors import InputError
from geo.datasets import check_table, read_cached
from geo.files import tables
from geo.files.write import replace_file
from geo.units import crosswalk
from geo.units.crosswalk import Vintage

CODE_COLUMNS = ("commune_code", "code", "ma_xa", "mã xã", "ward_code")
PEOPLE_COLUMNS = ("population", "dan_so", "dân số", "people", "pop")


@dataclass(frozen=True)
class PopulationImport:
    """What an import found: communes with a figure, communes left as shipped, their people, where it was written."""

    communes: int
    left_shipped: int
    people: int
    old_codes: bool
    path: Path | None


def population() -> pd.DataFrame:
    """Return the population of every commune, in the order of ``units.communes()``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``commune_code``: ``population`` (people; shipped figures make up the statistics office's average
        population of 2024 in every old province), ``low, high`` (modelled figures: a range that held 8 of 10),
        ``registered`` (registered and temporary residents as the dossier of 2025 has them, on a higher level; missing
        where not usable), ``quality`` (``reported``, ``modelled``, or as stated on import), ``source, as_of, note``.
        Hoàng Sa and Trường Sa have no figure.

    Examples
    --------
    >>> frame = population()
    >>> len(frame), bool(frame["population"].sum() > 95_000_000)
    (3321, True)
    """
    frame = read_cached("population", paths.POPULATION).set_index("commune_code")
    own = file()
    if own.exists():
        imported_people = read_cached("population", own).set_index("commune_code")
        imported_people = imported_people.assign(registered=frame["registered"].reindex(imported_people.index))
        frame = pd.concat([imported_people[frame.columns], frame[~frame.index.isin(imported_people.index)]])
    return frame.reindex(units.communes().index)


def imported() -> pd.Index:
    """Return the codes of the communes whose figure you imported.

    Examples
    --------
    >>> len(imported())
    0
    """
    own = file()
    return pd.Index(read_cached("population", own)["commune_code"] if own.exists() else [], name="commune_code")


def file() -> Path:
    """Return where imported figures are kept."""
    return paths.home() / "population.csv"


def import_population(
    path: str | Path,
    *,
    source: str | None = None,
    as_of: str | None = None,
    quality: str = "reported",
    dry_run: bool = False,
) -> PopulationImport:
    """Take over real figures; communes the file does not name keep the shipped ones.

    Parameters
    ----------
    path
        CSV or XLSX with a column of commune codes and a column of people. Codes of before July 2025 are understood
        when the column as a whole is of that time; their people are summed into the communes in force, and only
        communes that are complete get a figure.
    source, as_of
        Who says so and for what time; the name of the file and "undated" by default.
    quality
        ``reported`` or ``observed``.
    dry_run
        Check and report, write nothing.

    Raises
    ------
    InputError
        When columns are missing, codes are unknown or doubled, or a figure is no number or not possible.

    Examples
    --------
    >>> import tempfile
    >>> table = Path(tempfile.mkdtemp()) / "people.csv"
    >>> _ = table.write_text("commune_code,population\\n06712,31000\\n")
    >>> import_population(table, dry_run=True).people
    31000
    """
    if quality not in ("reported", "observed"):
        raise InputError("population.quality", given=quality)
    table = tables.read_table(path)
    code, people = _column(table, CODE_COLUMNS, path), _column(table, PEOPLE_COLUMNS, path)
    figures = tables.numbers(tables.index_by(table, code, path=path), [people], path=path)[people].dropna()
    wrong = figures[(figures < 0) | (figures > 1_000_000)]
    if len(wrong):
        raise InputError("population.impossible", [f"{unit}: {value:g}" for unit, value in wrong.items()], path=path)
    old = crosswalk.vintage(figures.index) is Vintage.OLD
    counted = _to_current(figures) if old else figures.set_axis(units.require_known(figures.index))
    if not counted.index.is_unique:
        doubled = counted.index[counted.index.duplicated()].unique()
        raise InputError("tables.unit_doubled", doubled, path=path, column=code)
    if counted.empty:
        raise InputError("population.nothing", path=path)
    target = None if dry_run else file()
    if target is not None:
        _write(counted, target, source or Path(path).name, as_of or "undated", quality)
    return PopulationImport(len(counted), len(units.communes()) - len(counted), int(counted.sum()), old, target)


def forget_population() -> bool:
    """Go back to the shipped figures; true if there were others."""
    existed = file().exists()
    file().unlink(missing_ok=True)
    return existed


def _column(table: pd.DataFrame, names: tuple[str, ...], path: str | Path) -> str:
    for column in table.columns:
        if str(column).strip().casefold() in names:
            return str(column)
    tables.require_columns(table, [names[0]], path=path)
    raise AssertionError(names)


def _to_current(figures: pd.Series) -> pd.Series:
    codes = units.check_codes(figures.index)
    unknown = codes[~codes.isin(units.old_communes().index)]
    if len(unknown):
        raise InputError("units.codes_unknown", unknown.tolist(), count=len(unknown), old=0)
    links = crosswalk.links()
    needed = links[links["new_code"].isin(links.loc[links["old_code"].isin(codes), "new_code"])]
    every = figures.set_axis(codes).groupby(level=0).sum().reindex(needed["old_code"].unique())
    return crosswalk.counts_to_current(every.to_frame("people"))["people"].dropna()


def _write(counted: pd.Series, target: Path, source: str, as_of: str, quality: str) -> None:
    frame = pd.DataFrame(
        {"commune_code": counted.index, "population": counted.round().astype(int).to_numpy(), "low": "", "high": ""}
    ).assign(quality=quality, source=source, as_of=as_of)
    check_table(frame.astype(str), "population", target)
    with replace_file(target) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")
