"""Lines of work: what mentors in each are called, and what they know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """A line of work: what someone in it is called, knows, may know as well, and two of what
    only some people in it know."""

    titles: tuple[str, ...]
    core: tuple[str, ...]
    also: tuple[str, ...]
    special: tuple[str, ...]


TRADES: tuple[Trade, ...] = (
    Trade(
        ("Front-end developer", "Web developer"),
        ("JavaScript", "HTML", "CSS"),
        ("React", "TypeScript", "Vue", "Angular", "Accessibility", "Git", "Node.js"),
        (
            "Svelte",
            "Next.js",
            "Tailwind CSS",
            "Bootstrap",
            "WordPress",
            "Webpack",
            "GraphQL",
            "Figma",
        ),
    ),
    Trade(
        ("Backend developer", "Software engineer"),
        ("Python", "SQL"),
        ("Django", "Flask", "Go", "Docker", "AWS", "Git", "Testing", "JavaScript"),
        (
            "REST APIs",
            "Microservices",
            "PostgreSQL",
            "FastAPI",
            "MySQL",
            "Redis",
            "RabbitMQ",
            "MongoDB",
        ),
    ),
    Trade(
        ("Full-stack developer", "Senior software engineer"),
        ("JavaScript", "Node.js", "SQL"),
        ("React", "TypeScript", "Python", "Ruby", "Rails", "PHP", "Git", "Docker"),
        ("Express", "NestJS", "Firebase", "OAuth", "NoSQL", "Symfony", "Elixir", "Selenium"),
    ),
    Trade(
        ("Site reliability engineer", "Platform engineer"),
        ("Linux", "DevOps", "Docker"),
        ("Kubernetes", "Terraform", "AWS", "Azure", "Go", "Python", "Networking"),
        ("Google Cloud", "Helm", "Ansible", "Jenkins", "GitHub Actions", "Nginx", "Prometheus"),
    ),
    Trade(
        ("Java developer", "Enterprise architect"),
        ("Java", "SQL"),
        ("Spring", "Kotlin", "Docker", "AWS", "Testing", "Git"),
        ("Hibernate", "Maven", "Gradle", "Scala", "Clojure", "Kafka", "Selenium"),
    ),
    Trade(
        (".NET developer", "Application developer"),
        ("C#", ".NET", "SQL"),
        ("Azure", "TypeScript", "Angular", "Testing", "Git", "Excel"),
        ("Entity Framework", "Blazor", "F#", "Visual Basic", "PowerShell", "Unity", "SQL Server"),
    ),
    Trade(
        ("Security analyst", "Network engineer"),
        ("Cybersecurity", "Networking"),
        ("Linux", "Python", "AWS", "Career change", "Rust", "Interviewing"),
        (
            "Penetration testing",
            "Incident response",
            "Threat modelling",
            "Cryptography",
            "Wireshark",
            "Splunk",
            "C",
        ),
    ),
    Trade(
        ("Data scientist", "Data analyst"),
        ("Python", "Data science", "SQL"),
        ("Machine learning", "Excel", "AWS", "Git", "Interviewing"),
        (
            "Data engineering",
            "PyTorch",
            "TensorFlow",
            "Natural language processing",
            "R",
            "Tableau",
            "Power BI",
            "Apache Spark",
        ),
    ),
    Trade(
        ("Mobile developer", "iOS and Android developer"),
        ("Swift", "Kotlin"),
        ("UX design", "Java", "C++", "Testing", "Git", "Accessibility"),
        (
            "SwiftUI",
            "Objective-C",
            "Jetpack Compose",
            "React Native",
            "Flutter",
            "Dart",
            "Game development",
        ),
    ),
    Trade(
        ("Engineering manager", "Technical recruiter", "Programme manager"),
        ("Career change", "Interviewing", "Resume writing"),
        ("Project management", "JavaScript", "UX design", "Python", "Excel"),
        (
            "Product management",
            "Salary negotiation",
            "Public speaking",
            "Technical writing",
            "Portfolio building",
            "Open source",
            "Freelancing",
            "Leadership",
        ),
    ),
)
