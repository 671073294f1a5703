"""The bases that the stand-in holds: the community's, and the coordinators' own.

Every table and field that is read or written is declared here and nowhere else.
"""

from sandbox.airtable.schema import Base, Field, Table
from sandbox.catalogue import LEVELS
from sandbox.config import AIRTABLE_BASE_ID, AIRTABLE_COORDINATORS_BASE_ID

STATUSES = (
    "In review",
    "Open",
    "Claimed",
    "Scheduled",
    "Awaiting feedback",
    "Completed",
    "Cancelled",
    "Not eligible",
    "Closed unfulfilled",
)
OUTCOMES = ("Met", "Did not meet", "No feedback", "Cancelled", "Unfulfilled")
MENTOR_STATUSES = ("Available", "At capacity", "Snoozed", "Opted out", "Dormant")

MENTOR_REQUEST = Table(
    "Mentor Request",
    description="One row per request, written by the workflow that looks after it.",
    fields=(
        Field("Request ID", description="The upsert key."),
        Field("Slack User", description="The mentee's name in Slack."),
        Field("Slack ID"),
        Field("Email", "email"),
        Field("Service", "multipleRecordLinks", links_to="Services", single=True),
        Field("Skillsets", "multipleRecordLinks", links_to="Skillsets"),
        Field("Goal"),
        Field("Additional Details", "multilineText"),
        Field("Affiliation", "multipleRecordLinks", links_to="Affiliations", single=True),
        Field("Mentor Requested", "multipleRecordLinks", links_to="Mentors", single=True),
        Field(
            "Mentor Assigned",
            "multipleRecordLinks",
            links_to="Mentors",
            inverse="Requests Assigned",
            single=True,
        ),
        Field("Status", "singleSelect", choices=STATUSES),
        Field("Created At", "dateTime"),
        Field("First Asked At", "dateTime"),
        Field("Claimed At", "dateTime"),
        Field("First Response At", "dateTime"),
        Field("Time To Response (h)", "number", precision=2),
        Field("Escalation Step"),
        Field("SLA Breached", "checkbox"),
        Field(
            "Rematch Wait (h)",
            "number",
            precision=1,
            description="From the latest release to the next mentor's first word.",
        ),
        Field("Rematch Breached", "checkbox"),
        Field("Session Date", "dateTime"),
        Field("Outcome", "singleSelect", choices=OUTCOMES),
        Field("Level Before", "singleSelect", choices=LEVELS),
        Field("Level After", "singleSelect", choices=LEVELS),
        Field("Follow-on Of", description="The Request ID of the request that led to this one."),
        Field("Mentors Asked", "number"),
        Field("Declines", "number"),
        Field("Owner"),
        Field("Workflow Link", "url"),
        Field("Last Updated", "dateTime"),
    ),
)

MENTORS = Table(
    "Mentors",
    description="Profiles are the mentors' own; status and dates are written by their workflow.",
    fields=(
        Field("Slack Name"),
        Field("Full Name"),
        Field("Shown Name", description="The name that mentees see; empty: Full Name."),
        Field("Email", "email"),
        Field("Slack ID"),
        Field("Skillsets", "multipleRecordLinks", links_to="Skillsets", inverse="Mentors"),
        Field("Services", "multipleRecordLinks", links_to="Services", inverse="Mentors"),
        Field("Bio", "multilineText"),
        Field("Time Zone", description="IANA name, for example America/Chicago."),
        Field("Quiet Hours", description="For example 21:00–08:00; empty: the community's."),
        Field("Active", "checkbox"),
        Field("Max Mentees", "number"),
        Field("Asks A Week", "number", description="How often they may be asked; empty: 3."),
        Field("Mentees Now", "number"),
        Field("Status", "singleSelect", choices=MENTOR_STATUSES),
        Field("Snoozed Until", "date"),
        Field("Opted Out At", "dateTime"),
        Field("Last Seen", "dateTime"),
        Field("Code of Conduct Accepted", "checkbox"),
        Field("Signed Up At", "dateTime"),
        Field(
            "Requests Assigned",
            "multipleRecordLinks",
            links_to="Mentor Request",
            inverse="Mentor Assigned",
        ),
    ),
)

MEMBERS = Table(
    "Members",
    description="People who may ask for a mentor.",
    fields=(
        Field("Slack ID"),
        Field("Email", "email"),
        Field("Affiliation", "multipleRecordLinks", links_to="Affiliations", single=True),
        Field("Verified", "checkbox"),
        Field("Verified By"),
        Field("Verified At", "dateTime"),
        Field("Blocked", "checkbox"),
        Field("Reason", "multilineText"),
        Field("Current Level", "singleSelect", choices=LEVELS),
        Field("Last Seen", "dateTime"),
    ),
)

SERVICES = Table(
    "Services",
    fields=(
        Field("Name"),
        Field("Description", "multilineText"),
        Field("Needs Session", "checkbox"),
        Field("Mentors", "multipleRecordLinks", links_to="Mentors", inverse="Services"),
    ),
)

SKILLSETS = Table(
    "Skillsets",
    fields=(
        Field("Name"),
        Field("Aliases", description="Other words for the same skill, between commas."),
        Field("Mentors", "multipleRecordLinks", links_to="Mentors", inverse="Skillsets"),
    ),
)

AFFILIATIONS = Table("Affiliations", fields=(Field("Name"), Field("Priority", "number")))

MESSAGE_TEXT = Table(
    "Message Text",
    description="Words that coordinators changed; without a row the built-in words are used.",
    fields=(Field("Key"), Field("Text", "multilineText")),
)

SESSION_NOTES = Table(
    "Session Notes",
    description="What each side said after a session. For coordinators only.",
    fields=(
        Field("Note ID", description="The upsert key."),
        Field("Request ID"),
        Field("Author"),
        Field("Role", "singleSelect", choices=("Mentee", "Mentor")),
        Field("Did It Happen", "checkbox"),
        Field("Rating", "rating"),
        Field("Good Fit", "checkbox"),
        Field("Level", "singleSelect", choices=LEVELS),
        Field("Note", "multilineText"),
        Field("Created At", "dateTime"),
    ),
)

NEVER_PAIR = Table(
    "Never Pair",
    description="Two people, by Slack ID, who are never matched with each other.",
    fields=(Field("A"), Field("B")),
)

COMMUNITY = Base(
    AIRTABLE_BASE_ID,
    "Mentorship",
    (MENTOR_REQUEST, MENTORS, MEMBERS, SERVICES, SKILLSETS, AFFILIATIONS, MESSAGE_TEXT),
)
COORDINATORS = Base(
    AIRTABLE_COORDINATORS_BASE_ID, "Mentorship – coordinators only", (SESSION_NOTES, NEVER_PAIR)
)
BASES: tuple[Base, ...] = (COMMUNITY, COORDINATORS)
