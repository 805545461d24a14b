"""Personal data by column and kind, and how each kind is treated (个人信息保护法 §28, §51).

Every column of every model of ours stands in PERSONAL or PLAIN; a test fails for a new one until somebody has thought
about it. Primary keys and keys to rows that are no person's need no line.
"""

from enum import StrEnum


class DataKind(StrEnum):
    """Kinds of personal data, which decide how it is kept."""

    ACCESS = "access"  # lets one in: hashed, or sealed where it has to be used; never shown
    SENSITIVE = "sensitive"  # 敏感个人信息: encrypted, shown masked, each look recorded
    CITIZEN = "citizen"  # 个人信息 of people the office serves: seen by who handles their matter
    DUTY = "duty"  # who acted in office: seen by colleagues and supervisors
    TRACE = "trace"  # where and when somebody used the system: seen by themselves and the system administrators


MOVES = (
    *("catalog.ItemMove", "campaigns.CampaignMove", "campaigns.EntryMove", "adjustments.AdjustmentMove"),
    *("registers.ProposalMove", "registers.TransferMove"),
)
"""Histories of what goes by a workflow: all of one shape."""

PERSONAL: dict[str, dict[str, DataKind]] = {
    "ledger.LedgerEntry": {"actor": DataKind.DUTY, "actor_name": DataKind.DUTY, "facts": DataKind.DUTY},
    "events.Event": {"actor": DataKind.DUTY},
    "core.StoredFile": {"name": DataKind.CITIZEN, "uploaded_by": DataKind.DUTY},
    **{each: {"actor": DataKind.DUTY, "actor_name": DataKind.DUTY, "note": DataKind.DUTY} for each in MOVES},
    "people.User": {
        "password": DataKind.ACCESS,
        "username": DataKind.DUTY,
        "first_name": DataKind.DUTY,
        "last_name": DataKind.DUTY,
        "full_name": DataKind.DUTY,
        "email": DataKind.DUTY,
        "phone": DataKind.DUTY,
        "last_login": DataKind.TRACE,
        "date_joined": DataKind.TRACE,
    },
    "people.Post": {"user": DataKind.DUTY, "title": DataKind.DUTY},
    "notifications.Notification": {"user": DataKind.DUTY, "subject": DataKind.DUTY, "body": DataKind.DUTY},
    "notifications.MutedKind": {"user": DataKind.DUTY},
    "outbox.Message": {
        "recipient": DataKind.DUTY,
        "title": DataKind.DUTY,
        "payload": DataKind.DUTY,
        "last_error": DataKind.DUTY,
    },
    "people.Delegation": {"to": DataKind.DUTY, "reason": DataKind.DUTY},
    "people.SignIn": {
        "user": DataKind.TRACE,
        "session_key": DataKind.ACCESS,
        "address": DataKind.TRACE,
        "agent": DataKind.TRACE,
        "began_at": DataKind.TRACE,
        "ended_at": DataKind.TRACE,
    },
    "people.Identity": {
        "user": DataKind.CITIZEN,
        "name_sealed": DataKind.SENSITIVE,
        "number_sealed": DataKind.SENSITIVE,
        "number_index": DataKind.SENSITIVE,
        "phone_sealed": DataKind.SENSITIVE,
    },
    "catalog.Revision": {"author": DataKind.DUTY},
    "catalog.Publication": {"approved_by": DataKind.DUTY},
    "spreadsheets.ImportBatch": {"created_by": DataKind.DUTY},
    "spreadsheets.ImportedRow": {"unplaced": DataKind.DUTY},
    "rulebook.Examination": {"by": DataKind.DUTY},
    "analysis.Survey": {"by": DataKind.DUTY},
    "rulebook.Retention": {"by": DataKind.DUTY, "ended_by": DataKind.DUTY},
    "rulebook.Hearing": {"who": DataKind.CITIZEN},
    "rulebook.Objection": {
        "text": DataKind.CITIZEN,
        "contact_sealed": DataKind.SENSITIVE,
        "contact_masked": DataKind.CITIZEN,
        "answered_by": DataKind.DUTY,
    },
    "campaigns.Participation": {
        "leader": DataKind.DUTY,
        "section": DataKind.DUTY,
        "clerk": DataKind.DUTY,
        "phone": DataKind.DUTY,
    },
    "campaigns.HandedIn": {"by": DataKind.DUTY},
    "campaigns.Conference": {"by": DataKind.DUTY},
    "campaigns.Report": {"signed_by": DataKind.DUTY, "copies_by": DataKind.DUTY},
    "campaigns.Decision": {"by": DataKind.DUTY},
    "campaigns.NotedRuling": {"by": DataKind.DUTY},
    "campaigns.Review": {"claimed_by": DataKind.DUTY, "given_by": DataKind.DUTY},
    "campaigns.Summing": {"by": DataKind.DUTY},
    "campaigns.Recusal": {"user": DataKind.DUTY, "reason": DataKind.DUTY},
    "campaigns.Invitation": {
        "name": DataKind.DUTY,
        "office": DataKind.DUTY,
        "phone_sealed": DataKind.SENSITIVE,
        "token_index": DataKind.ACCESS,
        "conflict": DataKind.DUTY,
    },
    "campaigns.Comment": {"text": DataKind.CITIZEN, "contact_sealed": DataKind.SENSITIVE, "answered_by": DataKind.DUTY},
    "campaigns.Bulletin": {"issued_by": DataKind.DUTY},
    "clients.Client": {"user": DataKind.DUTY, "client_secret": DataKind.ACCESS},
    "clients.IdempotentRequest": {"owner": DataKind.DUTY, "answer_sealed": DataKind.SENSITIVE},
    "connectors.Outlet": {"secrets_sealed": DataKind.ACCESS},
    "registers.ReferenceEdition": {"by": DataKind.DUTY},
    "registers.Divergence": {"by": DataKind.DUTY},
    "registers.Proposal": {"proposed_by": DataKind.DUTY, "answered_by": DataKind.DUTY},
    "law.LawChange": {"by": DataKind.DUTY},
    "adjustments.Adjustment": {"created_by": DataKind.DUTY, "applied_by": DataKind.DUTY},
    "adjustments.AdjustmentOpinion": {"words": DataKind.DUTY, "by": DataKind.DUTY},
    "search.Miss": {"text": DataKind.CITIZEN},
    "search.Synonym": {"added_by": DataKind.DUTY},
}

PLAIN: dict[str, str] = {
    "ledger.Block": "previous members count digest sealed_at",
    "ledger.LedgerEntry": "at action subject digest",
    "events.Event": "number guid act kind at actor_kind subject_type subject_id data",
    "ledger.Anchor": "block digest at key signature",
    "calendar.CalendarDay": "working name source",
    "calendar.CalendarYear": "complete source stamp changed_at",
    "core.StoredFile": "guid digest media_type size purpose organ_id uploaded_at public",
    "core.Cursor": "position",
    "core.Node": "kind host pid home version started_at seen_at",
    "core.Lease": "holder token taken_at expires_at",
    "jobs.ScheduledRun": "name due task started_at",
    "workflow.FlowDefinition": "code content",
    **dict.fromkeys(MOVES, "name source to at"),
    "people.Division": "name level",
    "people.Organ": "name short_name kind uscc address phone hours is_example active",
    "people.User": "is_superuser is_staff is_active mail_wanted demo_note must_change_password",
    "people.Post": "role since until",
    "people.Delegation": "since until ended_at",
    "people.SignIn": "ending",
    "notifications.Notification": "kind page key created_at read_at",
    "notifications.MutedKind": "kind",
    "people.Identity": "kind verified_at",
    "law.Law": "title doc_no rank issuer in_force_from in_force_until ended source",
    "law.LawVersion": "promulgated in_force_from article_count register_id source",
    "law.Article": "number text",
    "law.LawChange": "kind day note at",
    "adjustments.ExaminingOffice": "office",
    "adjustments.Adjustment": "kind state cause cause_day reason urgent due reminded_on created_at applied_at is_example"
    " identity",
    "adjustments.AdjustmentOpinion": "verdict seen at",
    "catalog.Category": "name icon hint position",
    "catalog.LifeEvent": "name audience icon hint position stages",
    "catalog.ReferenceItem": "base_code name kind field issued_by source is_example",
    "catalog.Item": "guid name kind kind_as_given code base_code state percent is_example source created_at",
    "catalog.Revision": "number content provenance state digest stamp reason created_at saved_at",
    "catalog.Publication": "guid number since until ending ending_note reason identity",
    "catalog.Listing": "name summary kind level for_person for_company online limit_words fee_words visits has_guide is_example since"
    " provenance",
    "catalog.PublishedBasis": "position path title doc_no articles",
    "catalog.PublishedMaterial": "position name issuer necessity shared commitment_ok",
    "catalog.PublishedStep": "position name kind actor group",
    "catalog.Change": "batch operation at guid",
    "catalog.Notice": "title body published_at is_example",
    "spreadsheets.ImportedRow": "sheet number name outcome digest before",
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
    "campaigns.HandedIn": "annex round rows count nothing digest at",
    "campaigns.Conference": "held_on members agenda minutes at",
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
    "clients.Client": "client_id redirect_uris post_logout_redirect_uris client_type authorization_grant_type"
    " hash_client_secret name skip_authorization created updated algorithm allowed_origins registration_source"
    " cimd_expires_at permissions registered_at ended_at",
    "clients.IdempotentRequest": "key fingerprint status at",
    "connectors.Outlet": "guid kind place position first_until checked_at created_at",
    "outbox.Queue": "channel name paused_at ended_at failures last_error next_at last_success_at",
    "outbox.Message": "key group position state attempts retries next_at expires_at receipt created_at settled_at",
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
    "insight.ItemViews": "day count",
}
