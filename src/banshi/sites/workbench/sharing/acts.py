"""The frame of acts on pages of sharing: a question, its form, and what is done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render

from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.exchange.policy import exchange_policy
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.staff import StaffRequest


class SharingActForm(PageForm):
    """A form about a subject, which asks nothing."""

    def __init__(self, one: Any, data: Any = None) -> None:
        super().__init__(data)


class SharingWordsForm(SharingActForm):
    words = forms.CharField(label="写明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class SharingAct:
    """An act: `what` it means by the policy, what it does with its form, and what the words it asks for are called."""

    label: str
    what: str
    do: Callable[..., object]
    done: str
    form: type[SharingActForm] = SharingActForm
    asks: str = ""
    danger: bool = False


def plainly(act: Callable[..., object]) -> Callable[..., object]:
    """Do it to the subject, whatever its form says."""
    return lambda one, form, **more: act(one, **more)


def with_words(act: Callable[..., object], name: str) -> Callable[..., object]:
    """Do it to the subject with the words of its form, by the name the act gives them."""
    return lambda one, form, **more: act(one, **{name: form.cleaned_data["words"]}, **more)


def ask_and_do(request: StaffRequest, one: models.Model, act: SharingAct, *, back: str) -> HttpResponse:
    """Ask for what the act needs, do it and go back, or say what is wrong."""
    form = act.form(one, request.POST if request.method == "POST" else None)
    if act.asks:
        form.fields["words"].label = act.asks
    if form.is_valid():
        try:
            act.do(one, form, by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, act.done)
            return redirect(back)
    context = {
        "form": form,
        "title": f"{act.label}：{one}",
        "what": act.what.format(policy=exchange_policy()),
        "action": act.label,
        "back": back,
        "danger": act.danger,
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
