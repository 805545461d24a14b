"""Pages every register has: list, workbook, line, form."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.people.models import User
from banshi.registers.actions import add_entry, change_entry, remove_entry
from banshi.registers.models import RegisterEntry
from banshi.registers.queries import items_under
from banshi.sites.kit.address import url_of
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_organ_options, posted
from banshi.sites.workbench.registers.forms import EntryRemovalForm
from banshi.sites.workbench.registers.register import Register, Transition
from banshi.sites.workbench.registers.workbook import write_register
from banshi.workflow.transitions import check_move

PAGE = 25
SHOWN = 50


@login_required
@require_GET
def listing(request: StaffRequest, register: Register) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    filters = register.filters.read(request.GET)
    page = Page(register.entries(request.user).filter(filters.condition()), request.GET, by=("-pk",), size=PAGE)
    held = permissions_of(request.user)
    context = {
        "register": register,
        "filters": filters,
        "query": filters.as_query(),
        "controls": filters.controls(organ=item_organ_options(request.user, filters.organ)),
        "heads": [column.label for column in register.columns if column.listed],
        "rows": [
            {
                "entry": entry,
                "cells": [(column.label, column.told(entry)) for column in register.columns if column.listed],
                "status": register.status(entry),
            }
            for entry in page.rows
        ],
        "page": page,
        "may_edit": register.edits in held,
        "may_export": Permission.ITEM_EXPORT in held,
        "public": url_of(register.public),
    }
    return render(request, "workbench/registers/list.html", context)


@login_required
@require_GET
def export(request: StaffRequest, register: Register) -> HttpResponseBase:
    """Export what the filters of the list leave, as a workbook."""
    require(request.user, Permission.ITEM_EXPORT)
    entries = register.entries(request.user).filter(register.filters.read(request.GET).condition())
    name = f"{register.label}{today():%Y%m%d}.xlsx"
    return send_written(partial(write_register, register, entries), name)


def entry_for(user: User, register: Register, pk: int, permission: Permission | None = None) -> Any:
    """Return the line, when the user may see it and holds `permission` over its organ.

    Raises Missing, Refused.
    """
    entry = register.entries(user).filter(pk=pk).first()
    if entry is None:
        raise Missing(f"没有找到这一条{register.label}", remedy="它可能已经删除，或者属于别的单位。")
    require(user, permission or Permission.ITEM_VIEW, entry.organ)
    return entry


@login_required
@require_GET
def entry(request: StaffRequest, register: Register, pk: int) -> HttpResponse:
    found = entry_for(request.user, register, pk)
    facts = [(column.label, told) for column in register.columns if (told := column.told(found))]
    mine = may(request.user, register.edits, found.organ)
    context = {
        "register": register,
        "entry": found,
        "facts": facts,
        "status": register.status(found),
        "may_edit": mine and may_change(found),
        "transitions": register.transitions_open_to(request.user, found),
        "offers": found.offers.select_related("service") if register.code == "agencies" else None,
        "offered": found.offers.select_related("agency") if register.code == "intermediaries" else None,
        "item": getattr(found, "item", None),
        "under": items_under(found)[:SHOWN] if register.code == "powers" else None,
    }
    return render(request, "workbench/registers/entry.html", context)


def may_change(entry: RegisterEntry) -> bool:
    """Tell whether the line may be changed, by a workflow only while it waits."""
    return getattr(entry, "state", "proposed") == "proposed"


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, register: Register) -> HttpResponse:
    require(request.user, register.edits)
    form = register.form(posted(request), user=request.user, permission=register.edits)
    if not form.is_valid():
        return filled(request, form, register, f"{register.label}：加一条", "保存")
    add = register.add or add_entry
    made = add(form.save(commit=False), by=request.user, at=now())
    messages.success(request, f"已加入{register.label}：{made}")
    return redirect(f"workbench:{register.code}-entry", made.pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, register: Register, pk: int) -> HttpResponse:
    found = _changeable(request, register, pk)
    form = register.form(posted(request), instance=found, user=request.user, permission=register.edits)
    if not form.is_valid():
        return filled(request, form, register, f"修改：{found}", "保存修改", pk)
    change_entry(form.save(commit=False), by=request.user, at=now())
    messages.success(request, "修改已保存")
    return redirect(f"workbench:{register.code}-entry", pk)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: StaffRequest, register: Register, pk: int) -> HttpResponse:
    found = _changeable(request, register, pk)
    form = EntryRemovalForm(posted(request))
    if not form.is_valid():
        what = f"“{found}”从{register.label}里删除，不能恢复。只用于录错的；事情真的结束了的，请登记取消、退出或收回。"
        context = {"what": what, "action": "删除", "danger": True}
        return confirmed(request, form, register, pk, f"删除：{found}", context)
    remove_entry(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
    messages.success(request, f"已从{register.label}删除")
    return redirect(f"workbench:{register.code}")


def _changeable(request: StaffRequest, register: Register, pk: int) -> Any:
    found = entry_for(request.user, register, pk, register.edits)
    if not may_change(found):
        raise Missing("这一条已经审核，不能再改", remedy="请看它现在能办的事：登记转移或收回。")
    return found


def filled(
    request: StaffRequest, form: BaseForm, register: Register, title: str, action: str, pk: int = 0
) -> HttpResponse:
    """Show a page with one form, or act when it is filled."""
    back = reverse(f"workbench:{register.code}-entry", args=[pk]) if pk else reverse(f"workbench:{register.code}")
    context = {"form": form, "register": register, "title": title, "action": action, "back": back}
    return render(request, "workbench/registers/form.html", context, status=422 if form.is_bound else 200)


def confirmed(
    request: StaffRequest, form: Form, register: Register, pk: int, title: str, more: dict[str, Any]
) -> HttpResponse:
    """Show a page that asks once, or act when it is confirmed."""
    back = reverse(f"workbench:{register.code}-entry", args=[pk])
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, "kit/confirm.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def transition(request: StaffRequest, register: Register, step: Transition, pk: int) -> HttpResponse:
    """Ask for what the step needs, then take it."""
    found, by = entry_for(request.user, register, pk, None if step.move else register.edits), request.user
    if step.move:
        check_move(found, step.move, by=by, at=now())
    form = step.form(posted(request), user=by, initial={step.day: today()})
    if form.is_valid():
        try:
            step.act(found, **form.cleaned_data, by=by, at=now())
        except BadInput as error:
            if not step.fault:
                raise
            form.add_error(step.fault, error.message)
        else:
            messages.success(request, step.said)
            return redirect(f"workbench:{register.code}-entry", pk)
    return filled(request, form, register, f"{step.title or step.word}：{found}", step.action or step.word, pk)
