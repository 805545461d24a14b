"""Halls as data: from a file, or changed part by part in the console."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import Actor, record
from banshi.people.models import Organ
from banshi.window.hall_file import HallFile
from banshi.window.models import AppointmentQuota, AppointmentSlot, Counter, Hall, Skill


@transaction.atomic
def load_hall(told: HallFile, *, by: Actor, at: datetime) -> Hall:
    """Write a hall as its file has it.

    What the file no longer names is out of use, and kept.
    """
    organ = Organ.objects.filter(name=told.organ, active=True).first()
    if organ is None:
        raise BadInput(f"没有“{told.organ}”这个单位", where="organ", remedy="请写在用机构的全称。")
    by = authorize(by, Permission.HALL_MANAGE, organ, at=at)
    now = Hall.objects.filter(code=told.code).first()
    if now:
        authorize(by, Permission.HALL_MANAGE, now, at=at)
    fields = told.model_dump(mode="json", include={"name", "address", "phone", "languages", "aids", "hours"})
    hall, _ = Hall.objects.update_or_create(code=told.code, defaults={**fields, "organ": organ, "active": True})
    skills: dict[str, Skill] = {}
    for line in told.skills:
        about = {
            "name": line.name,
            "minutes": line.minutes,
            "active": True,
        }
        skill, _ = Skill.objects.update_or_create(hall=hall, letter=line.letter, defaults=about)
        organs = list(Organ.objects.filter(name__in=line.organs, active=True))
        if unknown := set(line.organs) - {each.name for each in organs}:
            raise BadInput(
                f"没有这些单位：{'、'.join(sorted(unknown))}", where=line.name, remedy="请写在用机构的全称。"
            )
        skill.organs.set(organs)
        skill = set_places(skill, morning=line.morning, afternoon=line.afternoon, by=by, at=at)
        skill.quotas.all().delete()
        for each in line.items:
            item = Item.objects.filter(name=each.item, **({"organ__in": organs} if organs else {})).first()
            if item is None:
                raise BadInput(f"没有“{each.item}”这个事项", where=line.name, remedy="请写事项的全称。")
            AppointmentQuota.objects.create(
                skill=skill, item=item, morning_places=each.morning, afternoon_places=each.afternoon
            )
        skills[line.letter] = skill
    hall.skills.exclude(letter__in=skills).update(active=False)
    for place in told.counters:
        counter, _ = Counter.objects.update_or_create(hall=hall, number=place.number, defaults={"active": True})
        counter.skills.set([skills[letter] for letter in place.skills])
    gone = hall.counters.exclude(number__in=[each.number for each in told.counters])
    if gone.filter(clerk__isnull=False).exists():
        raise Conflict("文件里没有的窗口还有人坐着", remedy="请让他们先离开窗口。")
    gone.update(active=False)
    record("window.load_hall", hall, by=by, at=at, facts={"code": hall.code, "counters": len(told.counters)})
    return hall


@transaction.atomic
def change_hall(hall: Hall, *, changes: Mapping[str, Any], by: Actor, at: datetime) -> Hall:
    """Change a hall's name, place, hours, languages or aids."""
    by = authorize(by, Permission.HALL_MANAGE, hall, at=at)
    Hall.objects.filter(pk=hall.pk).update(**changes)
    record("window.change_hall", hall, by=by, at=at, facts={key: changes[key] for key in changes})
    return Hall.objects.get(pk=hall.pk)


@transaction.atomic
def renew_kiosk_address(hall: Hall, *, by: Actor, at: datetime) -> Hall:
    """Give the kiosks a new address, which ends the one before."""
    by = authorize(by, Permission.HALL_MANAGE, hall, at=at)
    if not Hall.objects.filter(pk=hall.pk, kiosk_round=hall.kiosk_round).update(kiosk_round=hall.kiosk_round + 1):
        raise Conflict("取号机的地址刚刚换过", remedy="请刷新页面查看新地址。")
    record("window.renew_kiosk_address", hall, by=by, at=at)
    return Hall.objects.get(pk=hall.pk)


@transaction.atomic
def set_counter(
    hall: Hall, *, number: int, skills: Sequence[Skill], active: bool = True, by: Actor, at: datetime
) -> Counter:
    """Add a counter, or say anew what it does."""
    by = authorize(by, Permission.HALL_MANAGE, hall, at=at)
    if not skills or any(each.hall_id != hall.pk for each in skills):
        raise BadInput("没有选业务类别", remedy="请选这个窗口办哪些业务。")
    counter, _ = Counter.objects.get_or_create(hall=hall, number=number)
    if not active and counter.clerk_id:
        raise Conflict(f"{counter}还有人坐着", remedy="请让他先离开窗口。")
    Counter.objects.filter(pk=counter.pk).update(active=active)
    counter.skills.set(skills)
    facts = {"number": number, "skills": [each.letter for each in skills], "active": active}
    record("window.set_counter", counter, by=by, at=at, facts=facts)
    return counter


@transaction.atomic
def set_places(skill: Skill, *, morning: int, afternoon: int, by: Actor, at: datetime) -> Skill:
    """Set how many may book a half-day, also of the days on which some have already."""
    by = authorize(by, Permission.HALL_MANAGE, skill, at=at)
    Skill.objects.filter(pk=skill.pk).update(morning_places=morning, afternoon_places=afternoon)
    coming = AppointmentSlot.objects.select_for_update().filter(skill=skill, item=None, day__gte=day_of(at))
    full: list[date] = []
    for slot in coming:
        places = morning if slot.half == "am" else afternoon
        if slot.taken > places:
            full.append(slot.day)
        AppointmentSlot.objects.filter(pk=slot.pk).update(places=max(places, slot.taken))
    facts = {"morning": morning, "afternoon": afternoon, "kept": [each.isoformat() for each in full]}
    record("window.set_places", skill, by=by, at=at, facts=facts)
    return Skill.objects.get(pk=skill.pk)
