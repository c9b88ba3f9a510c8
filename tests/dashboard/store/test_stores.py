"""Every store keeps the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.store import Store, open_store
from dashboard.store.memory import MemoryStore
from tests.dashboard.store.contract import Contract


class TestSqlStore(Contract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
        yield store
        store.close()


class TestMemoryStore(Contract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()
