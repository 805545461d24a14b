from django.apps import apps
from django.db import models

from banshi.people import personal_data
from banshi.people.models import Identity, User
from banshi.people.personal_data import PERSONAL, PLAIN, DataKind

OURS = [model for model in apps.get_models() if model.__module__.startswith("banshi.")]


def columns(model):
    """Those to classify: all but the primary key and keys to what is no person."""
    return {
        field.name
        for field in model._meta.local_concrete_fields
        if not field.primary_key and (not field.is_relation or field.related_model is User)
    }


def classified(label):
    return {*PERSONAL.get(label, {}), *PLAIN.get(label, "").split()}


def test_every_column_is_classified_and_nothing_else():
    """Say in people/personal_data.py whether it is personal."""
    told = {model._meta.label: columns(model) ^ classified(model._meta.label) for model in OURS}
    assert {label: each for label, each in told.items() if each} == {}


def test_no_column_is_both_personal_and_plain():
    for label, words in PLAIN.items():
        assert not set(words.split()) & set(PERSONAL.get(label, {}))


def test_models_that_are_gone_are_not_listed():
    assert {*PERSONAL, *PLAIN} <= {model._meta.label for model in OURS}


def test_an_unclassified_column_would_be_noticed(monkeypatch):
    monkeypatch.setitem(personal_data.PLAIN, "people.Identity", "kind")
    assert columns(Identity) != classified("people.Identity")


def test_sensitive_data_is_kept_in_sealed_columns():
    """Encrypted bytes, or a keyed digest."""
    for label, fields in PERSONAL.items():
        for name in (name for name, kind in fields.items() if kind is DataKind.SENSITIVE):
            column = apps.get_model(label)._meta.get_field(name)
            assert isinstance(column, models.BinaryField) or name.endswith("_index")
