"""Putting definitions in force: checked as a whole, the version before kept for whatever began with it."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.bundles.checking import faults_of
from banshi.bundles.definition import BundleDefinition, read_bundles
from banshi.bundles.models import BundleVersion
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import Actor, record
from banshi.people.queries import account_of


@transaction.atomic
def publish_bundle(
    definition: BundleDefinition, *, instead_of: str | None = None, by: Actor, at: datetime
) -> BundleVersion:
    """Put a definition in force.

    `instead_of` is the digest the editor saw, so that nobody's change is overwritten.
    """
    by = authorize(by, Permission.BUNDLE_EDIT, at=at)
    if wrong := [each for each in faults_of(definition) if each.severity == "error"]:
        raise BadInput(f"“{definition.name}”还不能公布", wrong, remedy="请照每一处的说明改好。")
    old = BundleVersion.objects.select_for_update().filter(code=definition.code, until=None).first()
    if instead_of is not None and (old.digest if old else "") != instead_of:
        raise Conflict("别人刚刚改过这个“一件事”", remedy="请打开新的看一看，再改。")
    if old and old.digest == definition.digest:
        return old
    if old:
        BundleVersion.objects.filter(pk=old.pk).update(until=at)
    try:
        with transaction.atomic():
            version = BundleVersion.objects.create(
                code=definition.code,
                digest=definition.digest,
                content=definition.model_dump(mode="json"),
                since=at,
                by=account_of(by),
            )
    except IntegrityError as clash:  # two at once: the other has its version in force
        raise Conflict("别人刚刚公布了这个“一件事”", remedy="请打开新的看一看，再改。") from clash
    facts = {"code": version.code, "digest": version.digest, "before": old.digest if old else ""}
    record("bundles.publish_bundle", version, by=by, at=at, facts=facts)
    return version


@transaction.atomic
def end_bundle(version: BundleVersion, *, by: Actor, at: datetime) -> None:
    """Take a bundle out of use, while whatever began with it goes on."""
    by = authorize(by, Permission.BUNDLE_EDIT, at=at)
    if not BundleVersion.objects.filter(pk=version.pk, until=None).update(until=at):
        raise Conflict("这一版已经停用", remedy="请刷新页面查看。")
    record("bundles.end_bundle", version, by=by, at=at, facts={"code": version.code, "digest": version.digest})


@transaction.atomic
def publish_shipped(folder: Path | None = None, *, by: Actor, at: datetime) -> list[BundleVersion]:
    """Put in force what data/bundles holds, as far as nothing of its code is in force yet."""
    by = authorize(by, Permission.BUNDLE_EDIT, at=at)
    there = set(BundleVersion.objects.values_list("code", flat=True))
    shipped = [each for each in read_bundles(folder or settings.DATA / "bundles") if each.code not in there]
    return [publish_bundle(each, by=by, at=at) for each in shipped]
