"""The command that plans begins with what the page begins with."""

import inspect
from dataclasses import fields

from dashboard.commands.allocate import allocate_command
from models.planning.settings import PlanSettings


def test_the_command_has_the_defaults_of_the_page() -> None:
    page = {one.name: one.default for one in fields(PlanSettings)}
    options = inspect.signature(allocate_command).parameters
    same = ("most_hours", "travel_cost", "volunteer_days", "most_per_commune", "robust", "gap", "seconds")
    assert {name: options[name].default for name in same} == {name: page[name] for name in same}
