"""Merging of what several items ask: a question once by its meaning, a paper once by the proof dictionary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from banshi.bundles.definition import BundleDefinition, NeededResult, PartDefinition
from banshi.cases.queries import asked_for
from banshi.cases.steps import ReadText
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.models import Item, Publication
from banshi.core.crypto import digest
from banshi.forms import FieldKind, FormField, Sensitivity, ShownWhen, with_standard_parts, without_hidden
from banshi.forms.fields import Answers
from banshi.forms.standard import AS, BROUGHT, COLLECTED, ApplyingAs
from banshi.rulebook.material_names import read_material
from banshi.rulebook.proof_names import plain, shipped_dictionary

SITUATION = "您的情况"
DELIVERY, ADDRESS = "delivery_way", "delivery_address"
STANDARD = frozenset(each.key for each in with_standard_parts((), companies=True, delivery_ways=("窗口领取", *BROUGHT)))
"""Keys that mean the same in every form."""
LEVELS = tuple(Sensitivity)


@dataclass(frozen=True, slots=True)
class BundleMember:
    """A part with the item of this place and the text of it that is in force."""

    part: PartDefinition
    item: Item
    publication: Publication
    text: ReadText

    @property
    def key(self) -> str:
        return self.part.key

    @property
    def guide(self) -> Guide:
        return self.text.guide


def question_key(key: str) -> str:
    return f"ask_{key}"


def applying(definition: BundleDefinition, answers: Mapping[str, Any]) -> set[str]:
    """Return the keys of the parts that apply by the answers so far."""
    return {
        each.key
        for each in definition.parts
        if each.when is None or answers.get(question_key(each.when.question)) in each.when.values
    }


# Questions


@dataclass(frozen=True, slots=True)
class MergedField:
    """A question asked once, and for which field of which part its answer is."""

    field: FormField
    asked_by: tuple[tuple[str, FormField], ...]

    def of(self, keys: Iterable[str]) -> tuple[tuple[str, FormField], ...]:
        return tuple(each for each in self.asked_by if each[0] in keys)


def takes(member: BundleMember, party: ApplyingAs) -> bool:
    """Tell whether a party can apply for an item."""
    way = next((each for each in member.text.form if each.key == AS), None)
    if way is not None:
        return party.label in way.choices
    return any(each.key == "company_name" for each in member.text.form) == (party == ApplyingAs.COMPANY)


def own_questions(member: BundleMember, party: ApplyingAs) -> list[FormField]:
    """List the questions of a part for one party, for whom all parts are applied for."""
    return [
        replace(each, when=None) if each.when and each.when.field == AS else each
        for each in member.text.form
        if each.key != AS and not (each.when and each.when.field == AS and party.label not in each.when.values)
    ]


def merged_form(definition: BundleDefinition, members: Sequence[BundleMember], party: ApplyingAs) -> list[MergedField]:
    """Merge the forms of the parts: questions of one meaning, kind, choices and condition are one question."""
    named = {field: same.label for same in definition.same for field in same.fields}
    merged: dict[tuple[Any, ...], MergedField] = {}
    for member in members:
        keys: dict[str, str] = {}
        for own in own_questions(member, party):
            when = replace(own.when, field=keys.get(own.when.field, own.when.field)) if own.when else None
            meaning: tuple[Any, ...] = (own.key,)
            if own.key not in STANDARD:
                label = named.get(f"{member.key}.{own.key}") or plain(own.label)
                meaning = (label, own.kind, own.choices, own.pattern, own.minimum, own.maximum, when)
            there = merged.get(meaning)
            if there is None:
                key = own.key if own.key in STANDARD else f"{member.key}__{own.key}"
                there = MergedField(replace(own, key=key, when=when), ())
            field = replace(
                there.field,
                prefill=there.field.prefill or own.prefill,
                sensitivity=max(there.field.sensitivity, own.sensitivity, key=LEVELS.index),
                help=there.field.help or own.help,
            )
            keys[own.key] = field.key
            merged[meaning] = MergedField(field, (*there.asked_by, (member.key, own)))
    return list(merged.values())


def asked_fields(definition: BundleDefinition, form: Sequence[MergedField], keys: set[str]) -> tuple[FormField, ...]:
    """Return the form for the parts that apply, a page for each group, the questions that decide first."""
    fields = [
        FormField(question_key(each.key), each.label, FieldKind.CHOICE, SITUATION, each.help, choices=each.choices)
        for each in definition.questions
    ]
    asked = [(each, each.of(keys)) for each in form if each.of(keys)]
    ways = _ways([own for each, some in asked for _, own in some if each.field.key == DELIVERY])
    for each, some in asked:
        field = replace(each.field, required=any(own.required for _, own in some))
        if field.key == DELIVERY:
            field = replace(field, choices=ways)
        if field.key == ADDRESS and field.when:
            field = replace(field, when=ShownWhen(DELIVERY, values=tuple(way for way in ways if way in BROUGHT)))
        fields.append(field)
    groups = list(dict.fromkeys(each.group for each in fields if each.group != COLLECTED))
    order = {name: place for place, name in enumerate([*groups, COLLECTED])}
    return tuple(sorted(fields, key=lambda each: order[each.group]))


def _ways(some: Sequence[FormField]) -> tuple[str, ...]:
    """List every way of collection, what most offices offer first."""
    ways = list(dict.fromkeys(way for each in some for way in each.choices))
    return tuple(sorted(ways, key=lambda way: -sum(way in each.choices for each in some)))


def answers_for(
    member: BundleMember, party: ApplyingAs, form: Sequence[MergedField], answers: Mapping[str, Any]
) -> Answers:
    """Return one part's own answers, its first way of collection where it does not offer the one chosen."""
    own: Answers = {}
    for merged in form:
        for _, field in merged.of((member.key,)):
            answer = answers.get(merged.field.key)
            if field.key == DELIVERY and answer not in field.choices:
                answer = field.choices[0]
            if answer is not None:
                own[field.key] = answer
    if any(each.key == AS for each in member.text.form):
        own[AS] = party.label
    return without_hidden(member.text.form, own)


def other_ways(
    form: Sequence[MergedField], members: Sequence[BundleMember], answers: Mapping[str, Any]
) -> list[tuple[BundleMember, str]]:
    """List the parts whose result is collected otherwise than was chosen, and how."""
    chosen = answers.get(DELIVERY)
    delivery = next((each for each in form if each.field.key == DELIVERY), None)
    if delivery is None or not chosen:
        return []
    ways = {key: own.choices for key, own in delivery.asked_by}
    return [
        (each, ways[each.key][0] if each.key in ways else "")
        for each in members
        if chosen not in ways.get(each.key, each.guide and [way.label for way in each.guide.delivery_ways])
    ]


# Papers


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """A line of a part's own list."""

    member: BundleMember
    position: int
    material: Material


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """A paper handed in once, for every line it serves."""

    proof: str
    uses: tuple[MaterialUse, ...]

    @property
    def slug(self) -> str:
        return digest(self.proof.encode())[:16]

    @property
    def required(self) -> bool:
        return any(each.material.necessity not in (Necessity.OPTIONAL, Necessity.LATER) for each in self.uses)

    @property
    def later(self) -> bool:
        """Tell whether an office wants it that may let it come afterwards (容缺后补)."""
        return not self.required and any(each.material.necessity == Necessity.LATER for each in self.uses)

    @property
    def commitment_ok(self) -> bool:
        """Tell whether every line it serves can be met by a commitment (告知承诺)."""
        return all(each.material.commitment_ok for each in self.uses)

    @property
    def offices(self) -> list[str]:
        return list(dict.fromkeys(each.member.item.organ.called for each in self.uses))

    @property
    def bases(self) -> list[str]:
        return list(dict.fromkeys(each.material.basis for each in self.uses if each.material.basis))

    @property
    def requirements(self) -> list[str]:
        return list(dict.fromkeys(each.material.requirement for each in self.uses if each.material.requirement))


@dataclass(frozen=True, slots=True)
class MergedMaterials:
    """Papers handed in, papers offices fetch themselves, and results of other parts."""

    asked: tuple[MergedMaterial, ...]
    fetched: tuple[MergedMaterial, ...]
    results: tuple[tuple[MaterialUse, BundleMember], ...]

    @property
    def handed_on(self) -> dict[tuple[str, str], list[str]]:
        """Name the offices that get a result of another part, by the paper's name and that part's."""
        told: dict[tuple[str, str], list[str]] = {}
        for use, source in self.results:
            told.setdefault((use.material.name, source.item.name), []).append(use.member.item.organ.called)
        return told

    @property
    def lines(self) -> int:
        """Count what the lists would ask for one by one."""
        return sum(len(each.uses) for each in self.asked) + sum(not use.material.shared for use, _ in self.results)


def needed(member: BundleMember, keys: Iterable[str]) -> list[NeededResult]:
    """List what a part waits for among those that apply."""
    return [each for each in member.part.needs if each.part in keys]


def proof_of(name: str) -> str:
    """Name what a paper proves by the proof dictionary, where that is without doubt, else the paper itself."""
    meaning = shipped_dictionary().meaning(name)
    return plain(name) if meaning.doubt else meaning.proof


def merged_materials(members: Sequence[BundleMember], party: ApplyingAs, owner: int | None = None) -> MergedMaterials:
    """Group the papers of the parts by proof."""
    dictionary, by_key = shipped_dictionary(), {each.key: each for each in members}
    asked: dict[str, list[MaterialUse]] = {}
    fetched: dict[str, list[MaterialUse]] = {}
    results: list[tuple[MaterialUse, BundleMember]] = []
    for member in members:
        from_part = {each.material: each.part for each in needed(member, by_key) if each.material}
        for position, material in enumerate(asked_for(member.guide, party.label, owner)):
            use, proof = MaterialUse(member, position, material), proof_of(material.name)
            if material.name in from_part:
                results.append((use, by_key[from_part[material.name]]))
            elif material.shared:
                fetched.setdefault(proof, []).append(use)
            else:
                asked.setdefault(proof, []).append(use)
    for proof in [*asked]:  # a line that any one of several papers meets joins the group of one
        needs = read_material(proof)
        others = [] if len(needs) != 1 else [dictionary.meaning(each.name).proof for each in needs[0]]
        joined = next((each for each in others if each != proof and each in asked), None) if len(others) > 1 else None
        if joined:
            asked[joined] += asked.pop(proof)
    return MergedMaterials(
        tuple(MergedMaterial(proof, tuple(uses)) for proof, uses in asked.items()),
        tuple(MergedMaterial(proof, tuple(uses)) for proof, uses in fetched.items()),
        tuple(results),
    )
