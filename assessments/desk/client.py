"""What a client's page gains: what is known, runs of the panel, links and reads, and the way to assess it."""

from assessments import questionnaire, shown
from assessments.desk import facts, links, risks, runner, spend, vendors
from assessments.models import Assessment, ClientFact, ProspectLink, Read, RegisterShare, System
from practice.desk import shared_links
from practice.desk.clients import ClientAdmin
from practice.sites import RowPage, Section

FEW = 8

ClientAdmin.pages = (
    *ClientAdmin.pages,
    RowPage("assess", "Assess", runner.page, "assessment", action="add", first=True),
    RowPage("ai-spending", "AI spending", spend.report, "spend", action="see_fees"),
    RowPage("outlook", "Roadmap and risks", risks.outlook_page, "initiative"),
    RowPage("ai-contracts", "AI contracts", vendors.calendar, "vendor_contract", action="view"),
    RowPage("panel", "", runner.fragment, "assessment", action="add", offered=False),
)
ClientAdmin.sections = (
    *ClientAdmin.sections,
    Section(
        "What is known",
        ClientFact,
        on="client",
        columns=(
            ("Fact", lambda row: questionnaire.label(row.name)),
            ("Answer", facts.value),
            ("Said by", lambda row: row.said_by or row.get_source_display()),
            ("Said otherwise", facts.otherwise),
            ("Since", lambda row: row.said_on),
        ),
        order=("-id",),
        annotated=facts.with_other,
        where={"until_at": None},
        longest=FEW,
        wide=True,
        empty="Nothing yet. Assess the client: every answer you keep is a fact.",
    ),
    Section(
        "Assessments",
        Assessment,
        on="client",
        columns=(
            ("Made", lambda row: row.created_at),
            ("Next", lambda row: shown.facet("next_seat", row.next_seat)["words"]),
            ("In the end", lambda row: shown.facet("end_shape", row.end_shape)["words"]),
        ),
        order=("-id",),
        longest=FEW,
        empty="None yet.",
    ),
    Section(
        "AI systems",
        System,
        on="client",
        columns=(
            ("System", str),
            ("Kind", System.get_kind_display),
            ("Status", System.get_status_display),
            ("Class", lambda row: row.get_tier_display() or "Not classified yet"),
        ),
        order=("name",),
        longest=FEW,
        empty="None put down yet.",
    ),
    Section(
        "Links to the AI register",
        RegisterShare,
        on="client",
        columns=(
            ("For", str),
            ("State", lambda row: shared_links.WORDS[shared_links.state(row)]),
            ("Looked at", lambda row: row.views),
            ("Last", lambda row: row.last_viewed_at or "Never"),
            ("Until", lambda row: row.expires_at),
        ),
        order=("-id",),
        longest=FEW,
        empty="None. Make one for the client's auditors: they read the register without an account.",
    ),
    Section(
        "Prospect links",
        ProspectLink,
        on="client",
        columns=(
            ("For", lambda row: row.person),
            ("State", links.state_of),
            ("Until", lambda row: row.expires_at),
        ),
        order=("-id",),
        longest=FEW,
        empty="None. Add one to let somebody without a login answer the questions.",
    ),
    Section(
        "Written reads",
        Read,
        on="client",
        columns=(
            ("Read", lambda row: row.content["title"]),
            ("Issued", lambda row: row.content["issued_on"]),
        ),
        order=("-id",),
        longest=FEW,
        empty="None issued.",
    ),
)
