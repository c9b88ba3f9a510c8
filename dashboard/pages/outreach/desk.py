"""Everything the sections of the outreach page need to draw one run, made once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.scenario.view import NATION
from dashboard.store import Store
from dashboard.ui.shared import next_step, plain
from geo import layers, units
from geo.base.errors import RiskmapError

ROW = 33
"""Pixels of a row of a table."""


@dataclass(frozen=True)
class Desk:
    """One run of the page.

    Attributes
    ----------
    text
        Texts of the language spoken.
    place
        Code of the province looked at, or the nation.
    store
        Where the log, plans and checklists are kept.
    synthetic
        Whether the log in use is the demonstration log; a section says so wherever it shows figures of the log.
    """

    text: Texts
    place: str
    store: Store
    synthetic: bool

    @property
    def nation(self) -> bool:
        """Whether the whole country is shown."""
        return self.place == NATION

    @property
    def province(self) -> str | None:
        """The code of the province, or nothing for the nation."""
        return None if self.nation else self.place

    @property
    def place_name(self) -> str:
        """What the place looked at is called."""
        return self.text("place.nation") if self.nation else cached.province_order()[self.place]

    def province_name(self, code: str) -> str:
        """Return the short name of a province."""
        return cached.province_order()[code]

    @property
    def here(self) -> pd.Index:
        """The codes of the communes of the place looked at."""
        communes = units.communes()
        return communes.index if self.nation else communes.index[communes["province_code"] == self.place]

    def people(self) -> pd.Series:
        """Return the people of all communes."""
        return cached.briefed(()).communes["population"].astype(float)

    def log(self) -> pd.DataFrame:
        """Return the log in use, own or demonstration, of the place looked at; the caller's own."""
        log = layers.outreach_activities()
        return (log if self.nation else log[log["province_code"] == self.place]).copy()


def problem(error: RiskmapError, text: Texts) -> None:
    """Say what is wrong and what to do next."""
    st.error(f"**{text('field.problem')}** {plain(error.message(text.language))}\n\n{plain(next_step(error, text))}")
