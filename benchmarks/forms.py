"""A page of 200 fields: judged by jsonschema-rs and rendered by one template, against Django's form of as many widgets.

CPU of one process, both in turn, so that neither the database nor the machine's other work counts.
"""

import time
from collections.abc import Callable
from random import Random
from typing import Any

from benchmarks import Outcome

FIELDS, SHARE, MILLISECONDS = 200, 0.5, 25.0


def run(quick: bool) -> Outcome:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")
    import django

    django.setup()
    from django import forms
    from django.template import engines
    from tests.forms import chance as made

    from banshi.forms import FieldKind, problems

    declared = made.form(Random(11), FIELDS)
    answers = {field.key: made.right(Random(1), field) for field in declared}
    template = engines["django"].from_string("{% load forms %}{% form_group fields answers wrong fixed %}")
    widgets: dict[str, Any] = {}
    for field in declared:
        more = {"label": field.label, "help_text": field.help, "required": False}
        choices = [(each, each) for each in (field.choices or ("是", "否"))]
        if field.kind in (FieldKind.CHOICE, FieldKind.YES_NO):
            widgets[field.key] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **more)
        elif field.kind is FieldKind.CHOICES:
            widgets[field.key] = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
        else:
            widgets[field.key] = forms.CharField(**more)
    form_class = type("Widgets", (forms.Form,), widgets)

    def ours() -> None:
        wrong = {each.field: each.message for each in problems(declared, answers)}
        template.render({"fields": declared, "answers": answers, "wrong": wrong, "fixed": {}})

    def theirs() -> None:
        form_class(answers).as_div()

    pairs = [(_cost(ours), _cost(theirs)) for _ in range(3 if quick else 15)]
    own, django_s = (sorted(pair[place] for pair in pairs)[len(pairs) // 2] for place in (0, 1))
    figures = f"{FIELDS} fields: {own:.1f} ms CPU of Django's {django_s:.1f} = {own / django_s:.2f}"
    return Outcome(own <= SHARE * django_s and own <= MILLISECONDS, figures)


def _cost(work: Callable[[], None]) -> float:
    work()
    began = time.process_time()
    for _ in range(3):
        work()
    return 1000 * (time.process_time() - began) / 3
