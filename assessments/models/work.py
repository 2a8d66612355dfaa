"""What the client sets out to do with AI: initiatives of the roadmap, their milestones and postponements, and metrics."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from assessments.models.estate import OfClient, System, external_once, shown_to
from practice.models.base import TenantRow, currency_code, one_of
from practice.models.people import Hat
from practice.reach import Reach

ROUNDED: ClassVar = {"max_digits": 18, "decimal_places": 4}


class Horizon(models.TextChoices):
    """How far ahead it is planned. What each word means stands in data/roadmap.toml."""

    QUARTER = "quarter", "One quarter"
    TWO_QUARTERS = "two_quarters", "Two quarters"
    MONTHS_18 = "months_18", "18 months"
    YEARS_3_5 = "years_3_5", "3 to 5 years"


class InitiativeStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


# Still on the table; and of these what the roadmap counts on.
LIVE = (InitiativeStatus.PROPOSED, InitiativeStatus.AGREED, InitiativeStatus.UNDER_WAY)
ON_THE_ROADMAP = (InitiativeStatus.AGREED, InitiativeStatus.UNDER_WAY)


class Initiative(OfClient):
    """One item of the roadmap: which problem it solves, what is expected of it, and who has engineers for it."""

    Status = InitiativeStatus
    Horizon = Horizon

    reach = Reach(
        "initiative",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        personal=("capacity_owner_name",),
        inner=("note",),
    )

    title = models.CharField(max_length=200)
    hat = models.CharField(max_length=8, choices=Hat, default=Hat.CAIO)
    is_ai = models.BooleanField("AI", default=True)
    horizon = models.CharField(max_length=12, choices=Horizon)
    problem = models.TextField(max_length=4000, blank=True, default="")
    expected_outcome = models.TextField(max_length=4000, blank=True, default="")
    # Who answers for the engineers it needs: a contact, or anybody else by name.
    capacity_owner = models.ForeignKey(
        "practice.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    capacity_owner_name = models.CharField(max_length=120, blank=True, default="")
    status = models.CharField(
        max_length=9, choices=InitiativeStatus, default=InitiativeStatus.PROPOSED, editable=False
    )
    status_at = models.DateTimeField(editable=False)
    done_on = models.DateField(null=True, blank=True, editable=False)
    dropped_reason = models.TextField(max_length=4000, blank=True, default="", editable=False)
    note = models.TextField(
        max_length=4000, blank=True, default="", help_text="For the practice alone."
    )

    class Meta:
        constraints = [
            one_of("hat", Hat, "initiative_hat_is_known"),
            one_of("horizon", Horizon, "initiative_horizon_is_known"),
            one_of("status", InitiativeStatus, "initiative_status_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_a_title"),
            models.CheckConstraint(
                condition=Q(capacity_owner=None) | Q(capacity_owner_name=""),
                name="initiative_one_capacity_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False)
                | ~Q(status="done") & Q(done_on=None),
                name="initiative_done_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="dropped") & ~Q(dropped_reason="")
                | ~Q(status="dropped") & Q(dropped_reason=""),
                name="initiative_dropped_says_why",
            ),
            external_once("initiative_external_once"),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "title", "id"], name="initiative_by_title"),
            models.Index(fields=["practice", "client", "status"], name="initiative_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_capacity_owner(self) -> bool:
        return self.capacity_owner_id is not None or bool(self.capacity_owner_name)


class InitiativeSystem(TenantRow):
    """A system that an initiative brings in, changes or ends."""

    reach = Reach("initiative", clients=("client_id",), released=shown_to("sponsor", "board"))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="links")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="initiatives")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "initiative", "system"], name="initiative_system_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.system)


class Milestone(OfClient):
    """A day by which something of an initiative is there. Every postponement of it is kept."""

    reach = Reach("initiative", clients=("client_id",), released=shown_to("sponsor", "board"))

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    is_ai = models.BooleanField("AI", default=True)
    planned_on = models.DateField()
    # As it was planned at first, whatever came after.
    first_planned_on = models.DateField(editable=False)
    done_on = models.DateField(null=True, blank=True, editable=False)
    dropped_on = models.DateField(null=True, blank=True, editable=False)
    dropped_reason = models.TextField(max_length=4000, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="milestone_has_a_title"),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(dropped_on=None), name="milestone_done_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_on=None, dropped_reason="")
                | Q(dropped_on__isnull=False) & ~Q(dropped_reason=""),
                name="milestone_dropped_says_why",
            ),
            external_once("milestone_external_once"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "client", "planned_on", "id"], name="milestone_by_day"
            ),
            models.Index(fields=["practice", "initiative", "planned_on"], name="milestone_of"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_on is None


class PostponedFor(models.TextChoices):
    TECHNOLOGY = "technology", "Technology"
    DATA = "data", "Data"
    PEOPLE = "people", "People"
    BUDGET = "budget", "Budget"
    CLIENT = "client", "The client's priorities"
    OTHER = "other", "Something else"


class Postponement(TenantRow):
    """One time that a milestone was put off: from which day to which, for what kind of reason, and in words."""

    append_only = True
    reach = Reach("initiative", clients=("client_id",), released=shown_to("sponsor", "board"))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="postponements")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=10, choices=PostponedFor)
    words = models.TextField(max_length=4000)

    class Meta:
        constraints = [
            one_of("reason", PostponedFor, "postponement_reason_is_known"),
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="postponement_goes_later"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="postponement_says_why"),
        ]
        indexes = [
            models.Index(fields=["practice", "milestone", "id"], name="postponement_of"),
        ]

    def __str__(self) -> str:
        return f"From {self.from_on} to {self.to_on}"


class RoadmapReview(TenantRow):
    """One time that a client's roadmap was gone through as a whole: by whom, on which day, and what came of it."""

    append_only = True
    reach = Reach(
        "initiative",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        inner=("note",),
    )

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    reviewed_on = models.DateField()
    reviewer = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=4000, help_text="For the practice alone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "client", "reviewed_on"], name="roadmap_review_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="roadmap_review_says_what"),
        ]
        indexes = [
            models.Index(fields=["practice", "reviewed_on", "id"], name="roadmap_review_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.reviewed_on}"


class Unit(models.TextChoices):
    PERCENT = "percent", "Percent"
    COUNT = "count", "Number"
    MONEY = "money", "Money"
    HOURS = "hours", "Hours"
    DAYS = "days", "Days"
    POINTS = "points", "Points"


class Direction(models.TextChoices):
    UP = "up", "Up"
    DOWN = "down", "Down"


class Metric(OfClient):
    """A figure that is followed: what it is, what it should become, and which way is better."""

    reach = Reach(
        "metric",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        inner=("note",),
    )

    name = models.CharField(max_length=200)
    # A key of data/metrics.toml: return, adoption, governance and the like.
    kind = models.CharField(max_length=24)
    definition = models.TextField(max_length=4000)
    unit = models.CharField(max_length=7, choices=Unit)
    currency = models.CharField(max_length=3, blank=True, default="", validators=[currency_code])
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    target = models.DecimalField(**ROUNDED, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True, help_text="By when.")
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="metrics"
    )
    ended_on = models.DateField(null=True, blank=True, editable=False)
    note = models.TextField(
        max_length=4000, blank=True, default="", help_text="For the practice alone."
    )

    class Meta:
        constraints = [
            one_of("unit", Unit, "metric_unit_is_known"),
            one_of("direction", Direction, "metric_direction_is_known"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(kind="") & ~Q(definition=""), name="metric_is_defined"
            ),
            models.CheckConstraint(
                condition=Q(unit="money", currency__regex=r"^[A-Z]{3}$")
                | ~Q(unit="money") & Q(currency=""),
                name="metric_money_has_a_currency",
            ),
            external_once("metric_external_once"),
        ]
        indexes = [models.Index(fields=["practice", "client", "name", "id"], name="metric_by_name")]

    def __str__(self) -> str:
        return self.name


class MetricValue(TenantRow):
    """What a metric was on a day, and where that was read."""

    reach = Reach("metric", clients=("client_id",), released=shown_to("sponsor", "board"))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="values")
    measured_on = models.DateField()
    value = models.DecimalField(
        **ROUNDED, validators=[MinValueValidator(-(10**13)), MaxValueValidator(10**13)]
    )
    source = models.CharField(max_length=400, help_text="Where it was read.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "metric", "measured_on"], name="metric_value_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="metric_value_has_a_source"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "client", "measured_on", "id"], name="metric_value_by_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.measured_on}"
