"""Looking things up by type."""

from __future__ import annotations

import sys
import types

import pytest

from revdiff.core.registry import TypeRegistry


class Base: ...


class Derived(Base): ...


class Further(Derived): ...


def test_a_type_has_its_own_entry():
    names = TypeRegistry()
    names.register(Base, "base")
    names.register(Derived, "derived")
    assert (names.find(Base), names.find(Derived)) == ("base", "derived")


def test_a_type_without_an_entry_takes_that_of_its_nearest_base():
    names = TypeRegistry()
    names.register(object, "anything")
    names.register(Base, "base")
    assert names.find(Further) == "base"
    names.register(Derived, "derived")
    assert names.find(Further) == "derived", "a later registration must be seen by types that were looked up before"


def test_a_type_that_nobody_knows_has_no_entry():
    names = TypeRegistry()
    names.register(Base, "base")
    assert names.find(int) is None
    names.register(int, "whole number")
    assert names.find(int) == "whole number", "a lookup in vain must not be remembered for ever"


def test_registering_again_replaces_the_entry():
    names = TypeRegistry()
    names.register(Base, "old")
    assert names.find(Derived) == "old"
    names.register(Base, "new")
    assert (names.find(Base), names.find(Derived)) == ("new", "new")


def test_a_falsy_entry_is_an_entry():
    names = TypeRegistry()
    names.register(object, "anything")
    names.register(Base, "")
    assert names.find(Derived) == ""


@pytest.fixture
def package():
    """A package called `toypackage.deep` with a type in it."""
    module = types.ModuleType("toypackage.deep")
    module.Number = type("Number", (), {"__module__": "toypackage.deep"})
    sys.modules["toypackage.deep"] = module
    yield module
    del sys.modules["toypackage.deep"]


def test_a_lazy_entry_is_loaded_once_and_when_a_type_of_its_package_is_met(package):
    loads = []
    names = TypeRegistry()

    def load():
        loads.append(1)
        names.register(package.Number, "toy")

    names.register_lazily("toypackage", load)
    assert names.find(int) is None
    assert loads == []
    assert names.find(package.Number) == "toy"
    assert names.find(package.Number) == "toy"
    assert loads == [1]


def test_a_lazy_entry_is_loaded_for_a_type_of_ones_own_that_derives_from_the_package(package):
    names = TypeRegistry()
    names.register_lazily("toypackage", lambda: names.register(package.Number, "toy"))
    mine = type("Mine", (package.Number,), {"__module__": "mine"})
    assert names.find(mine) == "toy"
