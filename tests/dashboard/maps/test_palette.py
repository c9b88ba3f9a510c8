"""Colours can be told apart with any colour vision."""

import itertools

import numpy as np
import pytest

from dashboard.maps import palette

# Simulation of full protanopia, deuteranopia and tritanopia in linear RGB: Machado, Oliveira and Fernandes,
# IEEE Transactions on Visualization and Computer Graphics 15 (2009).
DEFECTS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def seen(colour: str, defect: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return palette.to_lab(np.clip(np.asarray(DEFECTS[defect]) @ linear, 0, 1))


@pytest.mark.parametrize("name", palette.RAMPS)
@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("classes", [3, 5, 7])
def test_neighbouring_classes_differ_and_darken(name: str, defect: str, classes: int) -> None:
    colours = [seen(colour, defect) for colour in palette.ramp(name, classes)]
    for lighter, darker in itertools.pairwise(colours):
        assert np.linalg.norm(lighter - darker) > 0.06
        assert lighter[0] - darker[0] > 0.03


@pytest.mark.parametrize("defect", DEFECTS)
def test_neighbours_of_crossings_differ(defect: str) -> None:
    colours = [seen(palette.NEIGHBOUR[name], defect) for name in ("China", "Laos", "Cambodia")]
    for one, other in itertools.combinations(colours, 2):
        assert np.linalg.norm(one - other) > 0.1


@pytest.mark.parametrize("defect", DEFECTS)
def test_pathways_differ_from_each_other_and_from_the_land(defect: str) -> None:
    colours = {**palette.LEADING, "land": palette.LAND}
    seen_so = {name: seen(colour, defect) for name, colour in colours.items()}
    for one, other in itertools.combinations(seen_so, 2):
        assert np.linalg.norm(seen_so[one] - seen_so[other]) > 0.1, (one, other)
    assert np.linalg.norm(seen_so["none"] - seen(palette.NO_DATA, defect)) > 0.05


def test_no_data_is_no_class_colour() -> None:
    for name in palette.RAMPS:
        assert palette.NO_DATA not in palette.ramp(name, 7)


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("name", ["indicator", "dimension"])
def test_what_does_not_apply_is_neither_no_data_nor_a_class_as_maps_have_them(name: str, defect: str) -> None:
    apart = seen(palette.NOT_APPLICABLE, defect)
    for other in (palette.NO_DATA, palette.LAND, palette.SEA):
        assert np.linalg.norm(apart - seen(other, defect)) > 0.1
    for colour in palette.ramp(name, 5):
        assert np.linalg.norm(apart - seen(colour, defect)) > 0.06
