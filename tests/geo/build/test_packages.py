"""The data packages: valid, complete, and true about what lies beside them."""

import hashlib
import json
from pathlib import Path

import frictionless
import pytest

from geo.base import paths
from geo.base.errors import DataFault
from geo.build import packages
from geo.datasets.schemas import SCHEMAS


@pytest.mark.parametrize("name", sorted(packages.FOLDERS))
def test_frictionless_finds_nothing_wrong(name: str) -> None:
    report = frictionless.validate(str(packages.FOLDERS[name] / packages.DESCRIPTOR))
    assert report.valid, report.flatten(["type", "message"])[:10]
    assert report.stats["tasks"] >= 5


@pytest.mark.parametrize("name", sorted(packages.FOLDERS))
def test_sizes_and_hashes_are_those_of_the_files(name: str) -> None:
    folder = packages.FOLDERS[name]
    stored = json.loads((folder / packages.DESCRIPTOR).read_text(encoding="utf-8"))
    for resource in stored["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content), resource["path"]
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), resource["path"]
    assert packages.stale() == []


@pytest.mark.parametrize("name", sorted(packages.FOLDERS))
def test_the_stored_description_is_the_one_that_would_be_written(name: str) -> None:
    stored = json.loads((packages.FOLDERS[name] / packages.DESCRIPTOR).read_text(encoding="utf-8"))
    assert stored == packages.descriptor(name), "run: python -m geo.build.packages"


@pytest.mark.parametrize("name", sorted(packages.FOLDERS))
def test_every_file_has_a_licence_and_tables_have_fields(name: str) -> None:
    for resource in packages.descriptor(name)["resources"]:
        assert resource["licenses"][0]["name"], resource["path"]
        if resource["path"].endswith(".csv"):
            fields = resource["schema"]["fields"]
            assert len(fields) > 3
            if Path(resource["path"]).stem in SCHEMAS:
                assert all(field["description"] for field in fields)


def test_what_comes_from_openstreetmap_is_odbl_with_attribution() -> None:
    for resource in packages.descriptor("indicators")["resources"]:
        text = (paths.INDICATORS / resource["path"]).read_text(encoding="utf-8")
        if "OpenStreetMap node/" in text or "OpenStreetMap way/" in text:
            assert resource["licenses"][0]["name"] == "ODbL-1.0"
            assert any("OpenStreetMap contributors" in source["title"] for source in resource["sources"])


def test_a_file_nobody_described_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in paths.BOUNDARIES.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.setitem(packages.FOLDERS, "boundaries", tmp_path)
    packages.descriptor("boundaries")
    (tmp_path / "mystery.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataFault, match=r"mystery\.csv"):
        packages.descriptor("boundaries")


def test_a_changed_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in filter(Path.is_file, paths.INDICATORS.iterdir()):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setitem(packages.FOLDERS, "indicators", tmp_path)
    assert packages.stale() == []
    with (tmp_path / "regions.csv").open("a") as stream:
        stream.write("\n")
    assert packages.stale() == ["indicators/regions.csv"]
