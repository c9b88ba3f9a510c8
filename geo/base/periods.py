"""The period a log covers, by old province: outside it what was done is unknown, not nothing.

A *stated* period says that everything that was done in the province is in the log: a commune without a row had
nothing. Where nobody states a period, the days of the activities are all there is to go by: then the log speaks of
the communes it names, from their first activity to its last day, and is silent about the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from geo.base.errors import InputError

GRACE_DAYS = 92
"""So many days after its last day a period still holds: provinces report by quarter, so that a log which is kept up
is at most one quarter behind; a log that is older has ended."""
COLUMNS = ("old_province_code", "commune_code", "first_day", "last_day", "quality", "source")
SPANS = ("commune_code", "first_day", "last_day")


@dataclass(frozen=True)
class Statement:
    """What somebody says about a log: that it holds everything that was done in some old provinces in some time.

    Parameters
    ----------
    first_day, last_day
        As in ISO 8601; both belong to the time.
    old_provinces
        Codes of provinces of before July 2025.

    Raises
    ------
    InputError
        ``log.period_order`` when the last day comes before the first, ``log.period_nowhere`` without a province.
    """

    first_day: str
    last_day: str
    old_provinces: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise InputError("log.period_order", first=self.first_day, last=self.last_day)
        if not self.old_provinces:
            raise InputError("log.period_nowhere")


def periods_of(
    rows: pd.DataFrame, old_province: pd.Series, source: str = "", statement: Statement | None = None
) -> pd.DataFrame:
    """Return the periods that rows of a log cover.

    Parameters
    ----------
    rows
        Activities: ``date`` and ``commune_code``.
    old_province
        The old province of every commune, as :func:`geo.units.crosswalk.main_old_province` returns it.
    source
        Who says so, for the column ``source``.
    statement
        What is stated of them; elsewhere each commune is covered from its first activity to the last of the rows in
        its old province.

    Returns
    -------
    pandas.DataFrame
        With the columns :data:`COLUMNS`: one row for each old province stated (``commune_code`` is missing), one for
        each other commune named. Activities without a commune cover nothing.

    Raises
    ------
    InputError
        ``log.period_outside``, naming the rows, for activities in a province of the statement outside its days.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2026-03-10", "2026-01-02"], "commune_code": ["06712", "06685"]})
    >>> area = pd.Series({"06712": "22", "06685": "22"})
    >>> periods_of(rows, area)[["commune_code", "first_day", "last_day"]].to_numpy().tolist()
    [['06685', '2026-01-02', '2026-03-10'], ['06712', '2026-03-10', '2026-03-10']]
    >>> periods_of(rows, area, statement=Statement("2026-01-01", "2026-03-31", ("22",)))["commune_code"].tolist()
    [None]
    """
    area = rows["commune_code"].map(old_province)
    spans: list[dict[str, object]] = []
    if statement is not None:
        _require_inside(rows, area, statement)
        days = {"first_day": statement.first_day, "last_day": statement.last_day}
        spans = [{"old_province_code": code, "commune_code": None, **days} for code in statement.old_provinces]
        area = area.where(~area.isin(statement.old_provinces))
    last = rows["date"].groupby(area).max()
    for (code, commune), day in rows["date"].groupby([area, rows["commune_code"]]).min().items():
        spans.append({"old_province_code": code, "commune_code": commune, "first_day": day, "last_day": last[code]})
    table = pd.DataFrame(spans, columns=list(COLUMNS[:4])).assign(quality="reported", source=source)
    return table.drop_duplicates(ignore_index=True).astype(object)


def _require_inside(rows: pd.DataFrame, area: pd.Series, statement: Statement) -> None:
    first, last = statement.first_day, statement.last_day
    outside = rows.loc[area.isin(statement.old_provinces) & ~rows["date"].between(first, last), "date"]
    if len(outside):
        named = [f"{row}: {day}" for row, day in outside.items()]
        raise InputError("log.period_outside", named, count=len(named), first=first, last=last)


def spans(periods: pd.DataFrame, old_province: pd.Series) -> pd.DataFrame:
    """Return from when to when the coverage of each commune is known.

    Parameters
    ----------
    periods
        As :func:`periods_of` returns them, of one import or of many; each speaks for itself.
    old_province
        The old province of every commune.

    Returns
    -------
    pandas.DataFrame
        Any number of rows per commune: ``commune_code, first_day, last_day`` (timestamps; the last day with the
        :data:`GRACE_DAYS`). A commune that no period speaks of has none.

    Examples
    --------
    >>> area = pd.Series({"a": "22", "b": "22", "c": "80"})
    >>> log = pd.DataFrame({"date": ["2026-03-10"], "commune_code": ["a"]})
    >>> spans(periods_of(log, area), area).astype(str).to_numpy().tolist()
    [['a', '2026-03-10', '2026-06-10']]
    >>> stated = periods_of(log, area, statement=Statement("2026-01-01", "2026-03-31", ("22",)))
    >>> spans(stated, area)["commune_code"].tolist()
    ['a', 'b']
    """
    table = periods[["old_province_code", "commune_code"]].assign(
        first_day=pd.to_datetime(periods["first_day"]),
        last_day=pd.to_datetime(periods["last_day"]) + pd.Timedelta(days=GRACE_DAYS),
    )
    area = old_province.rename("old_province_code").rename_axis("commune_code").reset_index()
    stated = table["commune_code"].isna()
    every = table[stated].drop(columns="commune_code").merge(area, on="old_province_code")
    parts = [part[list(SPANS)] for part in (every, table[~stated]) if len(part)]
    return pd.concat(parts or [every[list(SPANS)]], ignore_index=True)


def known_on(span: pd.DataFrame, day: pd.Timestamp, communes: pd.Index) -> pd.Series:
    """Return whether the coverage of each commune is known on a day.

    Parameters
    ----------
    span
        As :func:`spans` returns it.
    day
        The day.
    communes
        Codes of the communes asked for; fixes the rows.

    Examples
    --------
    >>> one = {"commune_code": "a", "first_day": pd.Timestamp("2026-01-01"), "last_day": pd.Timestamp("2026-07-01")}
    >>> known_on(pd.DataFrame([one]), pd.Timestamp("2026-03-01"), pd.Index(["a", "b"])).to_dict()
    {'a': True, 'b': False}
    """
    holds = span[(span["first_day"] <= day) & (span["last_day"] >= day)]
    return pd.Series(communes.isin(holds["commune_code"]), communes)


def kept_between(
    periods: pd.DataFrame, old_province: pd.Series, first: pd.Timestamp, last: pd.Timestamp
) -> pd.Series:
    """Return whether a log was kept in the old province of each commune at some time between two days.

    Examples
    --------
    >>> area = pd.Series({"a": "22", "b": "80"})
    >>> log = pd.DataFrame({"date": ["2026-03-10"], "commune_code": ["a"]})
    >>> days = pd.Timestamp("2026-04-01"), pd.Timestamp("2026-06-30")
    >>> kept_between(periods_of(log, area), area, *days).to_dict()
    {'a': True, 'b': False}
    """
    ends = pd.to_datetime(periods["last_day"]) + pd.Timedelta(days=GRACE_DAYS)
    meets = (pd.to_datetime(periods["first_day"]) <= last) & (ends >= first)
    return old_province.isin(periods.loc[meets, "old_province_code"])


def by_province(periods: pd.DataFrame) -> pd.DataFrame:
    """Return periods by old province, for people: ``old_province_code, stated, first_day, last_day``.

    Stated periods keep their days; what only activities show is one line for each old province.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2026-03-10", "2026-01-02"], "commune_code": ["a", "b"]})
    >>> by_province(periods_of(rows, pd.Series({"a": "22", "b": "22"}))).to_numpy().tolist()
    [['22', False, '2026-01-02', '2026-03-10']]
    """
    stated = periods["commune_code"].isna()
    said = periods[stated].assign(stated=True)
    observed = (
        periods[~stated]
        .groupby("old_province_code", as_index=False)
        .agg(first_day=("first_day", "min"), last_day=("last_day", "max"))
    )
    names = ["old_province_code", "stated", "first_day", "last_day"]
    parts = [part[names] for part in (said, observed.assign(stated=False)) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def merged(days: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return spans of days joined where they meet or overlap, in order.

    Examples
    --------
    >>> merged([("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31"), ("2022-01-01", "2022-08-31")])
    [('2022-01-01', '2022-08-31'), ('2024-01-01', '2024-12-31')]
    """
    joined: list[tuple[str, str]] = []
    for first, last in sorted(days):
        if joined and pd.Timestamp(first) <= pd.Timestamp(joined[-1][1]) + pd.Timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
