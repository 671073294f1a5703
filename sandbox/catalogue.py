"""What mentors offer and who asks: services, affiliations, levels. Skills are in `skills.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    name: str
    description: str
    needs_session: bool


@dataclass(frozen=True)
class Affiliation:
    name: str
    priority: int
    """Lower goes first."""


SLACK_CHAT = "General Guidance – Slack Chat"
VOICE_CHAT = "General Guidance – Voice Chat"
PAIR_PROGRAMMING = "Pair Programming"
CODE_REVIEW = "Code Review"
RESUME_REVIEW = "Resume Review"
MOCK_INTERVIEW = "Mock Interview"

SERVICES: tuple[Service, ...] = (
    Service(SLACK_CHAT, "Questions and answers by message, at your own pace.", False),
    Service(VOICE_CHAT, "Half an hour of talk about where you are and what comes next.", True),
    Service(PAIR_PROGRAMMING, "Work through a problem together on a shared screen.", True),
    Service(CODE_REVIEW, "Written comments on something that you have built.", False),
    Service(RESUME_REVIEW, "Written comments on your résumé before you send it out.", False),
    Service(MOCK_INTERVIEW, "A practice interview with feedback at the end.", True),
)

AFFILIATIONS: tuple[Affiliation, ...] = (
    Affiliation("Veteran", 1),
    Affiliation("Active Duty", 1),
    Affiliation("Reserve/National Guard", 1),
    Affiliation("Military Spouse", 1),
    Affiliation("Other", 2),
)

LEVELS: tuple[str, ...] = (
    "Exploring",
    "Beginner",
    "Intermediate",
    "Job-ready",
    "Employed in tech",
)
