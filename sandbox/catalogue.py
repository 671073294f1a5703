"""What mentors offer and who asks: services, skills with their aliases, affiliations, levels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    name: str
    description: str
    needs_session: bool


@dataclass(frozen=True)
class Skill:
    name: str
    aliases: tuple[str, ...] = ()


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

SKILLS: tuple[Skill, ...] = (
    Skill("JavaScript", ("JS", "Javascript", "ECMAScript", "ES6")),
    Skill("TypeScript", ("TS",)),
    Skill("Node.js", ("Node", "NodeJS")),
    Skill("React", ("ReactJS", "React.js")),
    Skill("Vue", ("VueJS", "Vue.js")),
    Skill("Angular", ("AngularJS",)),
    Skill("HTML", ("HTML5",)),
    Skill("CSS", ("CSS3", "Sass", "SCSS")),
    Skill("Accessibility", ("a11y",)),
    Skill("UX design", ("UX", "UI/UX", "User experience")),
    Skill("Python", ("Python3", "Py")),
    Skill("Django", ()),
    Skill("Flask", ()),
    Skill("Java", ("JVM",)),
    Skill("Spring", ("Spring Boot",)),
    Skill("C#", ("CSharp", "C Sharp")),
    Skill(".NET", ("dotnet", "ASP.NET", ".NET Core")),
    Skill("Go", ("Golang",)),
    Skill("Rust", ()),
    Skill("C++", ("CPP",)),
    Skill("Ruby", ()),
    Skill("Rails", ("Ruby on Rails", "RoR")),
    Skill("PHP", ("Laravel",)),
    Skill("SQL", ("MySQL", "PostgreSQL", "Postgres", "Databases")),
    Skill("Git", ("GitHub", "GitLab", "Version control")),
    Skill("Linux", ("Unix", "Bash", "Shell")),
    Skill("AWS", ("Amazon Web Services", "Cloud")),
    Skill("Azure", ("Microsoft Azure",)),
    Skill("Docker", ("Containers",)),
    Skill("Kubernetes", ("K8s",)),
    Skill("Terraform", ("Infrastructure as code", "IaC")),
    Skill("DevOps", ("CI/CD", "SRE")),
    Skill("Networking", ("Network+", "CCNA")),
    Skill("Cybersecurity", ("Security", "InfoSec", "Security+")),
    Skill("Data science", ("Data analysis", "Pandas", "Statistics")),
    Skill("Machine learning", ("ML", "AI", "Deep learning")),
    Skill("Excel", ("Spreadsheets",)),
    Skill("Testing", ("QA", "TDD", "Test automation")),
    Skill("Swift", ("iOS",)),
    Skill("Kotlin", ("Android",)),
    Skill("Project management", ("Scrum", "Agile", "PMP")),
    Skill("Career change", ("Transition", "Career advice")),
    Skill("Interviewing", ("Interview practice", "Whiteboarding")),
    Skill("Resume writing", ("Résumé", "CV", "LinkedIn")),
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
