"""Which columns hold personal data, of what kind, and how each kind is treated (个人信息保护法 §28, §51).

Every column of every model of ours stands in PERSONAL or PLAIN; a test fails for a new one until somebody has thought about it.
Primary keys and keys to rows that are no person's need no line.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What kind of personal data, and so how it is kept."""

    ACCESS = "access"  # lets one in: hashed, or sealed where it has to be used; never shown
    SENSITIVE = "sensitive"  # 敏感个人信息: encrypted, shown masked, each look recorded
    CITIZEN = "citizen"  # 个人信息 of people the office serves: seen by who handles their matter
    DUTY = "duty"  # who acted in office: seen by colleagues and supervisors
    TRACE = "trace"  # where and when somebody used the system: seen by themselves and the system administrators


PERSONAL: dict[str, dict[str, Kind]] = {
    "core.LedgerEntry": {"actor": Kind.DUTY, "actor_name": Kind.DUTY, "facts": Kind.DUTY},
    "core.StoredFile": {"name": Kind.CITIZEN, "uploaded_by": Kind.DUTY},
    "workflow.MoveRecord": {"actor": Kind.DUTY, "actor_name": Kind.DUTY, "note": Kind.DUTY},
    "people.User": {
        "password": Kind.ACCESS,
        "username": Kind.DUTY,
        "first_name": Kind.DUTY,
        "last_name": Kind.DUTY,
        "full_name": Kind.DUTY,
        "email": Kind.DUTY,
        "phone": Kind.DUTY,
        "last_login": Kind.TRACE,
        "date_joined": Kind.TRACE,
    },
    "people.Post": {"user": Kind.DUTY, "title": Kind.DUTY},
    "people.Mail": {"user": Kind.DUTY},
    "people.Delegation": {"to": Kind.DUTY, "reason": Kind.DUTY},
    "people.SignIn": {
        "user": Kind.TRACE,
        "session_key": Kind.ACCESS,
        "address": Kind.TRACE,
        "agent": Kind.TRACE,
        "began_at": Kind.TRACE,
        "ended_at": Kind.TRACE,
    },
    "people.Identity": {
        "user": Kind.CITIZEN,
        "name_sealed": Kind.SENSITIVE,
        "number_sealed": Kind.SENSITIVE,
        "number_index": Kind.SENSITIVE,
        "phone_sealed": Kind.SENSITIVE,
    },
    "catalog.Revision": {"author": Kind.DUTY},
    "catalog.Publication": {"approved_by": Kind.DUTY},
    "spreadsheets.ImportBatch": {"created_by": Kind.DUTY},
    "rulebook.Examination": {"by": Kind.DUTY},
    "analysis.Survey": {"by": Kind.DUTY},
    "rulebook.Retention": {"by": Kind.DUTY, "ended_by": Kind.DUTY},
    "rulebook.Hearing": {"who": Kind.CITIZEN},
    "rulebook.Objection": {
        "text": Kind.CITIZEN,
        "contact_sealed": Kind.SENSITIVE,
        "contact_masked": Kind.CITIZEN,
        "answered_by": Kind.DUTY,
    },
    "campaigns.Participation": {
        "leader": Kind.DUTY,
        "section": Kind.DUTY,
        "clerk": Kind.DUTY,
        "phone": Kind.DUTY,
    },
    "campaigns.Report": {"signed_by": Kind.DUTY, "copies_by": Kind.DUTY},
    "campaigns.Decision": {"by": Kind.DUTY},
    "campaigns.NotedRuling": {"by": Kind.DUTY},
    "campaigns.Review": {"claimed_by": Kind.DUTY, "given_by": Kind.DUTY},
    "campaigns.Summing": {"by": Kind.DUTY},
    "campaigns.Recusal": {"user": Kind.DUTY, "reason": Kind.DUTY},
    "campaigns.Invitation": {
        "name": Kind.DUTY,
        "office": Kind.DUTY,
        "phone_sealed": Kind.SENSITIVE,
        "token_index": Kind.ACCESS,
        "conflict": Kind.DUTY,
    },
    "campaigns.Comment": {"text": Kind.CITIZEN, "contact_sealed": Kind.SENSITIVE, "answered_by": Kind.DUTY},
    "campaigns.Bulletin": {"issued_by": Kind.DUTY},
    "connectors.Outlet": {"secrets_sealed": Kind.ACCESS},
    "registers.ReferenceEdition": {"by": Kind.DUTY},
    "registers.Divergence": {"by": Kind.DUTY},
    "registers.Proposal": {"proposed_by": Kind.DUTY, "answered_by": Kind.DUTY},
    "law.LawChange": {"by": Kind.DUTY},
    "adjustments.Adjustment": {"created_by": Kind.DUTY, "applied_by": Kind.DUTY},
    "adjustments.AdjustmentOpinion": {"words": Kind.DUTY, "by": Kind.DUTY},
    "search.Miss": {"text": Kind.CITIZEN},
    "search.Synonym": {"added_by": Kind.DUTY},
}

PLAIN: dict[str, str] = {
    "core.LedgerEntry": "at action subject previous digest",
    "calendar.CalendarDay": "working name source",
    "calendar.CalendarYear": "complete source stamp changed_at",
    "core.StoredFile": "guid digest media_type size purpose organ_id uploaded_at public",
    "core.Cursor": "position",
    "core.Node": "kind host pid home version started_at seen_at",
    "core.Lease": "holder token taken_at expires_at",
    "jobs.ScheduledRun": "name due task started_at",
    "workflow.MoveRecord": "workflow version subject name source to at",
    "people.Division": "name level",
    "people.Organ": "name short_name kind uscc address phone hours is_example active",
    "people.User": "is_superuser is_staff is_active mail_wanted demo_note must_change_password",
    "people.Post": "role since until",
    "people.Delegation": "since until ended_at",
    "people.SignIn": "ending",
    "people.Mail": "subject body state setbacks next_at trouble created_at settled_at",
    "people.Identity": "kind verified_at",
    "law.Law": "title doc_no rank issuer in_force_from in_force_until ended source",
    "law.LawVersion": "promulgated in_force_from article_count register_id source",
    "law.Article": "number text",
    "law.LawChange": "kind day note at",
    "adjustments.ExaminingOffice": "office",
    "adjustments.Adjustment": "kind state cause cause_day reason urgent due reminded_on created_at applied_at is_example",
    "adjustments.AdjustmentOpinion": "verdict seen at",
    "catalog.Category": "name icon hint position",
    "catalog.LifeEvent": "name audience icon hint position",
    "catalog.ReferenceItem": "base_code name kind field issued_by source is_example",
    "catalog.Item": "guid name kind kind_as_given code base_code state percent is_example source created_at",
    "catalog.Revision": "number content state digest stamp reason created_at saved_at",
    "catalog.Publication": "guid number since until ending ending_note reason",
    "catalog.Listing": "name summary kind level for_person for_company online limit_words fee_words visits has_guide is_example since",
    "catalog.PublishedBasis": "position path title doc_no articles",
    "catalog.PublishedMaterial": "position name issuer necessity shared commitment_ok",
    "catalog.PublishedStep": "position name kind actor group",
    "catalog.Change": "batch operation at guid",
    "catalog.Notice": "title body published_at is_example",
    "spreadsheets.ImportBatch": "state mapping counts created_at applied_at",
    "rulebook.Examination": "scope organs rulebook task items examined counts started_at finished_at",
    "rulebook.YearlyVolume": "year count at",
    "analysis.Survey": "compared_with task paper started_at finished_at",
    "rulebook.ExaminedRevision": "mark at",
    "rulebook.Retention": "rule place quote reason basis_title basis_doc_no basis_articles at ended_at",
    "rulebook.FlawFound": "newest in_force rule severity weight path place quote message disposition rewrite",
    "rulebook.ProofKept": "name issuer purpose basis_title basis_doc_no basis_articles is_example since until",
    "rulebook.Hearing": "kind held_on conclusion at",
    "rulebook.Objection": "contact_kind at answer answered_at public",
    "rulebook.CommitmentForm": "material basis_title basis_doc_no basis_articles content way liability verification"
    " check_share check_days check_method check_by is_example at",
    "campaigns.Campaign": "guid name content state publish_on is_example created_at",
    "campaigns.Stage": "phase batch begins ends reminded_on",
    "campaigns.ReviewBody": "code",
    "campaigns.ReviewGroup": "label division_prefix",
    "campaigns.Participation": "batch named_at progress problems suggestions reported_round left_at left_reason"
    " returns_told_at",
    "campaigns.Absence": "reason at",
    "campaigns.Report": "round number items summary digest late_days signed_at recalled_at copies copies_at",
    "campaigns.Decision": "meeting held_on doc_no at",
    "campaigns.Entry": "guid batch state round disposition disposition_note lead waiting final final_note",
    "campaigns.NotedRuling": "round disposition admitted note at",
    "campaigns.Review": "round claimed_at verdict disposition note digest given_at set_aside",
    "campaigns.Opinion": "criterion agrees text path",
    "campaigns.Summing": "round conclusion disposition asks at",
    "campaigns.Dispute": "question raised_at outcome minutes held_on settled_at",
    "campaigns.Recusal": "at",
    "campaigns.Invitation": "until ended_at declared_at",
    "campaigns.Consultation": "title body opens closes summary closed_at",
    "campaigns.Comment": "receipt at state hidden_reason accepted answer answered_at",
    "campaigns.Bulletin": "number title content opening issued_at created_at",
    "campaigns.Order": "text due answer answered_at closed_note closed_at at",
    "connectors.Outlet": "guid name kind place position first_until paused_at ended_at failures trouble next_at checked_at"
    " last_success_at created_at",
    "connectors.Delivery": "state sent setbacks next_at reason receipt settled_at",
    "registers.ReferenceEdition": "number content document note issued_at",
    "registers.Claim": "at",
    "registers.Divergence": "element reason at",
    "registers.Proposal": "name base_code reason state proposed_at answer answered_at",
    "registers.Power": "is_example created_at list name kind code basis duty liability cancelled_on cancel_document"
    " cancel_doc_no instead",
    "registers.Transfer": "is_example created_at function reason state opinion document receiver receiver_uscc"
    " transferred_on ended_why",
    "registers.IntermediaryService": "is_example created_at name approval basis payer fee_kind fee time_limit result"
    " ended_on ended_by",
    "registers.Agency": "is_example created_at name uscc phone address until left_on left_why",
    "registers.Offer": "qualification until",
    "registers.Purchase": "is_example created_at year service budget way contractor contractor_uscc amount",
    "search.Miss": "day count last_at",
    "search.Synonym": "term means one_way note added_at ended_at",
    "sites_portal.ItemViews": "day count",
}


def classified(label: str) -> set[str]:
    """The columns of a model somebody has thought about."""
    return set(PERSONAL.get(label, {})) | set(PLAIN.get(label, "").split())
