"""一件事: bundles of ten items, each with four papers of which two are shared, submitted at once, on either database.

The baseline of the same run: the same ten items applied for one by one, from draft to number.
"""

import json
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

ITEMS, LIMIT_MS = 10, 500
DEARER = 1.5
"""How much dearer ten at once may be than ten one by one, since it also merges, deals out and keeps its own record."""
ANSWERS = {"applicant_name": "林小例", "applicant_number": "990100198808080025", "phone": "13800000000"}


def run(quick: bool) -> Outcome:
    rounds = 10 if quick else 60
    outcomes = [_on(database, rounds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, rounds: int) -> Outcome:
    with machine(database) as env:
        took = told(env, "bundles", rounds)
    ratio = took["together"] / took["apart"]
    figures = (
        f"{database}: {ITEMS} items at once p95 {took['p95']:.0f} ms (median {took['together']:.0f}), "
        f"{ratio:.2f} × the same one by one ({took['apart']:.0f} ms)"
    )
    print(figures)
    return Outcome(took["p95"] <= LIMIT_MS and ratio <= DEARER, figures)


def submissions(rounds: int) -> dict[str, float]:
    """Milliseconds of each, by turns, so that a busy machine slows both."""
    import django

    django.setup()
    from banshi.bundles.actions import save_bundle_answers, start_bundle, submit_bundle
    from banshi.bundles.models import BundleMaterial
    from banshi.bundles.queries import reading_of
    from banshi.cases.actions import attach_material, save_answers, start_application, submit
    from banshi.cases.models import Case
    from banshi.core.clock import now
    from banshi.core.models import StoredFile

    citizen, items, version = _town()
    file = StoredFile.objects.create(
        name="材料.pdf", media_type="application/pdf", digest="0" * 64, size=1, purpose="bundle",
        uploaded_at=now(), uploaded_by=citizen.ledger_id,
    )  # fmt: skip

    def draft() -> Any:
        made = start_bundle(version, by=citizen, at=now())
        made = save_bundle_answers(made, ANSWERS, by=citizen, at=now())
        for each in reading_of(made).materials.asked:
            BundleMaterial.objects.create(submission=made, proof=each.proof, file=file, attached_at=now())
        return made

    def one_by_one() -> None:
        for item in items:
            made = start_application(item, by=citizen, at=now())
            made = save_answers(made, {**ANSWERS, "applying_as": "为自己办"}, by=citizen, at=now())
            for position in range(4):
                attach_material(made, position, file, by=citizen, at=now())
            submit(made, key=made.key, by=citizen, at=now())

    together, apart = [], []
    for place in range(rounds + 1):
        made = draft()
        first = _took(lambda made=made: submit_bundle(made, key=made.key, by=citizen, at=now()))  # type: ignore[misc]
        second = _took(one_by_one)
        if place:  # the first warms up
            together.append(first)
            apart.append(second)
    assert Case.objects.count() == (rounds + 1) * ITEMS * 2
    return {"p95": quantiles(together, n=20)[-1], "together": median(together), "apart": median(apart)}


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _town() -> tuple[Any, list[Any], Any]:
    """A citizen, ten items of ten organs, and a bundle of them in which nothing waits."""
    from banshi.bundles.actions import publish_bundle
    from banshi.bundles.definition import BundleDefinition
    from banshi.catalog.actions import create_item, publish, start_draft
    from banshi.catalog.guide.document import DeclaredField, Guide, Material, TimeLimit
    from banshi.catalog.models import ReferenceItem
    from banshi.core.clock import now
    from banshi.ledger import System
    from banshi.people.models import Organ, User
    from benchmarks.city import prepare

    prepare(100)
    by, items = System("benchmark"), []
    for place, organ in enumerate(Organ.objects.order_by("id")[:ITEMS]):
        papers = ["居民身份证", "居民户口簿", f"申请表{place}", f"说明{place}"]
        guide = Guide.model_validate(
            {
                "name": f"合办事项{place}",
                "materials": [Material(name=name) for name in papers],
                "form_fields": [DeclaredField(label="孩子的姓名", key="child", required=False)],
                "promised_limit": TimeLimit(value=5),
                "audience": ["1"],
            }
        )
        code = f"9900{place:02d}001000"
        reference = ReferenceItem.objects.create(base_code=code, name=guide.name)
        item = create_item(in_spite=True, organ=organ, guide=guide, reference=reference, by=by, at=now())
        publish(start_draft(item, by=by, at=now()), by=by, at=now())
        items.append((item, code))
    parts = [{"key": f"p{place}", "item": code, "name": item.name} for place, (item, code) in enumerate(items)]
    definition = BundleDefinition.model_validate({"code": "ten", "name": "十件一起办", "parts": parts})
    version = publish_bundle(definition, by=by, at=now())
    citizen = User.objects.create(username="bench-citizen", full_name="林小例")
    return citizen, [item for item, _ in items], version


if __name__ == "__main__":
    print(json.dumps(submissions(int(sys.argv[1]))))
