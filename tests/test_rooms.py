"""The rooms of the package stand on each other: imports point down, and no files import each other in a circle."""

from graphlib import TopologicalSorter

import pytest

from .imports import MODULES, imported, own, room

# From the ground to the roof: a room knows those on the floors below it.
FLOORS = (
    {"record", "convolution", "autograd", "pets", "evaluation"},
    {"data", "network"},
    {"plot", "inside", "experiments", "doctor"},
    {"pretrained"},
    {"chapters"},
    {"assignments"},
    {"cli"},
)
# Files beside the rooms, for commands alone.
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms} | {"_cluster": 0, "_terminal": 0}
# What a room must not need, however it is used.
MUST_NOT = {
    "record": {"keras", "tensorflow", "matplotlib", "nbclient"},
    "pets": {"keras", "tensorflow"},
    "convolution": {"keras", "tensorflow", "matplotlib"},
    "autograd": {"keras", "tensorflow", "matplotlib"},
    "evaluation": {"keras", "tensorflow", "matplotlib"},
    "data": {"keras", "tensorflow", "matplotlib"},
    "network": {"matplotlib"},
    "inside": {"matplotlib"},
    "doctor": {"matplotlib"},
    "experiments": {"matplotlib"},
    "pretrained": {"matplotlib"},
    "chapters": {"keras"},
    "assignments": {"keras", "tensorflow", "matplotlib"},
}


def test_every_room_has_its_floor():
    assert {room(module) for module in MODULES if module != "course_utils"} == set(FLOOR)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "course_utils"])
def test_imports_point_down(module):
    above = {
        other
        for other in own(imported(module))
        if room(other) != room(module) and FLOOR[room(other)] >= FLOOR[room(module)]
    }
    assert not above, f"{module} imports {', '.join(above)} from its own floor or above"


def test_no_files_import_each_other_in_a_circle():
    graph = {module: set(own(imported(module))) - {module} for module in MODULES if module != "course_utils"}
    # A room's front door imports its files, which may import what the front door of another room offers.
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("name", MUST_NOT)
def test_a_room_does_without_what_it_must_not_need(name):
    needed = {
        top.partition(".")[0]
        for module in MODULES
        if module != "course_utils" and room(module) == name
        for top in imported(module)
    }
    assert not needed & MUST_NOT[name]
