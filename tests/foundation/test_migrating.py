"""Migrating leaves drawn models alone for what changes none of their fields, and draws them anew for what does."""

import pytest
from django.db import models
from django.db.migrations.operations import AddConstraint, AddField
from django.db.migrations.state import ModelState, ProjectState

from foundation.management.commands.migrate import _models_kept


@pytest.fixture
def state() -> ProjectState:
    drawn = ProjectState()
    drawn.add_model(ModelState("foundation", "Thing", [("id", models.AutoField(primary_key=True))]))
    assert drawn.apps.get_model("foundation", "Thing")
    return drawn


def test_a_constraint_is_noted_in_the_state_and_the_drawn_model_stays(state: ProjectState) -> None:
    before = state.apps.get_model("foundation", "Thing")
    constraint = models.CheckConstraint(condition=models.Q(id__gt=0), name="thing_positive")
    with _models_kept():
        AddConstraint("Thing", constraint).state_forwards("foundation", state)
    assert state.models["foundation", "thing"].options["constraints"] == [constraint]
    assert state.apps.get_model("foundation", "Thing") is before


def test_a_field_draws_the_model_anew(state: ProjectState) -> None:
    with _models_kept():
        AddField("Thing", "name", models.CharField(max_length=9, default="")).state_forwards("foundation", state)
    assert state.apps.get_model("foundation", "Thing")._meta.get_field("name")


def test_afterwards_migrations_draw_as_django_does(state: ProjectState) -> None:
    with _models_kept():
        pass
    before = state.apps.get_model("foundation", "Thing")
    constraint = models.CheckConstraint(condition=models.Q(id__gt=0), name="thing_positive")
    AddConstraint("Thing", constraint).state_forwards("foundation", state)
    assert state.apps.get_model("foundation", "Thing") is not before
