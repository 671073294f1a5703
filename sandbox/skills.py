"""The community's skills: a list with aliases, and rows that nobody should have added to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Skill:
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class NearDuplicate:
    """A row that means a skill which has a row already, and by whom it was chosen there."""

    name: str
    """As it was typed, blanks included."""
    meant: str
    """The name of the skill."""
    chosen_by: tuple[str, ...]
    """Mentors, by their real names, whose rows link to this one instead."""


SKILLS: tuple[Skill, ...] = (
    # The web's front
    Skill("JavaScript", ("JS", "ECMAScript", "ES6")),
    Skill("TypeScript", ("TS",)),
    Skill("Node.js", ("Node",)),
    Skill("React"),
    Skill("Vue", ("VueJS", "Vue.js")),
    Skill("Angular", ("AngularJS",)),
    Skill("Svelte", ("SvelteKit",)),
    Skill("Next.js", ("NextJS",)),
    Skill("HTML", ("HTML5",)),
    Skill("CSS", ("CSS3", "Sass", "SCSS")),
    Skill("Tailwind CSS", ("Tailwind",)),
    Skill("Bootstrap"),
    Skill("WordPress"),
    Skill("Webpack", ("Vite", "Bundlers")),
    Skill("GraphQL"),
    Skill("Accessibility", ("a11y",)),
    Skill("UX design", ("UX", "UI/UX", "User experience")),
    Skill("Figma"),
    # Languages and frameworks behind it
    Skill("Python", ("Python3", "Py")),
    Skill("Django"),
    Skill("Flask"),
    Skill("FastAPI"),
    Skill("Java", ("JVM",)),
    Skill("Spring", ("Spring Boot",)),
    Skill("Hibernate", ("JPA",)),
    Skill("Maven"),
    Skill("Gradle"),
    Skill("Scala"),
    Skill("Clojure"),
    Skill("C#", ("CSharp", "C Sharp")),
    Skill(".NET", ("dotnet", "ASP.NET", ".NET Core")),
    Skill("Entity Framework", ("EF Core",)),
    Skill("Blazor"),
    Skill("F#", ("FSharp",)),
    Skill("Visual Basic", ("VB.NET", "VBA")),
    Skill("PowerShell"),
    Skill("Unity"),
    Skill("Go", ("Golang",)),
    Skill("Rust"),
    Skill("C"),
    Skill("C++", ("CPP",)),
    Skill("Ruby"),
    Skill("Rails", ("Ruby on Rails", "RoR")),
    Skill("PHP", ("Laravel",)),
    Skill("Symfony"),
    Skill("Elixir", ("Phoenix",)),
    Skill("Express", ("Express.js",)),
    Skill("NestJS", ("Nest.js",)),
    Skill("Firebase"),
    Skill("OAuth", ("OpenID Connect", "Single sign-on")),
    Skill("REST APIs", ("Web APIs",)),
    Skill("Microservices"),
    # Data
    Skill("SQL", ("Databases",)),
    Skill("PostgreSQL"),
    Skill("MySQL", ("MariaDB",)),
    Skill("SQL Server", ("T-SQL", "MSSQL")),
    Skill("NoSQL"),
    Skill("MongoDB", ("Mongo",)),
    Skill("Redis"),
    Skill("RabbitMQ", ("Message queues",)),
    Skill("Kafka", ("Event streaming",)),
    Skill("Data science", ("Data analysis", "Pandas", "Statistics")),
    Skill("Data engineering", ("ETL",)),
    Skill("Machine learning", ("ML", "AI", "Deep learning")),
    Skill("PyTorch"),
    Skill("TensorFlow", ("Keras",)),
    Skill("Natural language processing", ("NLP",)),
    Skill("R", ("RStudio",)),
    Skill("Tableau"),
    Skill("Power BI"),
    Skill("Apache Spark", ("PySpark",)),
    Skill("Excel", ("Spreadsheets",)),
    # Running it, and keeping it safe
    Skill("Git", ("GitHub", "GitLab", "Version control")),
    Skill("Linux", ("Unix", "Bash", "Shell")),
    Skill("AWS", ("Amazon Web Services", "Cloud")),
    Skill("Azure", ("Microsoft Azure",)),
    Skill("Google Cloud", ("GCP",)),
    Skill("Docker", ("Containers",)),
    Skill("Kubernetes", ("K8s",)),
    Skill("Helm"),
    Skill("Terraform", ("Infrastructure as code", "IaC")),
    Skill("Ansible"),
    Skill("Jenkins"),
    Skill("GitHub Actions"),
    Skill("Nginx"),
    Skill("Prometheus", ("Grafana", "Monitoring")),
    Skill("DevOps", ("CI/CD", "SRE")),
    Skill("Networking", ("Network+", "CCNA")),
    Skill("Cybersecurity", ("Security", "InfoSec", "Security+")),
    Skill("Penetration testing", ("Ethical hacking", "Pentesting")),
    Skill("Incident response", ("SOC", "Blue team")),
    Skill("Threat modelling", ("Threat modeling",)),
    Skill("Cryptography"),
    Skill("Wireshark", ("Packet analysis",)),
    Skill("Splunk", ("SIEM",)),
    Skill("Testing", ("QA", "TDD", "Test automation")),
    Skill("Selenium", ("Playwright", "Cypress")),
    # Phones and games
    Skill("Swift", ("iOS",)),
    Skill("SwiftUI"),
    Skill("Objective-C", ("ObjC",)),
    Skill("Kotlin", ("Android",)),
    Skill("Jetpack Compose"),
    Skill("React Native", ("Expo",)),
    Skill("Flutter"),
    Skill("Dart"),
    Skill("Game development", ("Unreal Engine", "Godot")),
    # Work itself
    Skill("Project management", ("Scrum", "Agile", "PMP")),
    Skill("Product management", ("Product owner",)),
    Skill("Career change", ("Transition", "Career advice")),
    Skill("Interviewing", ("Interview practice", "Whiteboarding")),
    Skill("Resume writing", ("Résumé", "CV", "LinkedIn")),
    Skill("Salary negotiation"),
    Skill("Public speaking", ("Presenting",)),
    Skill("Technical writing", ("Documentation",)),
    Skill("Portfolio building", ("Personal website",)),
    Skill("Open source", ("Contributing",)),
    Skill("Freelancing", ("Contracting",)),
    Skill("Leadership", ("Management",)),
)
"""The tidy list: no word stands for two of these."""

NEAR_DUPLICATES: tuple[NearDuplicate, ...] = (
    NearDuplicate("Javascript", "JavaScript", ("Ngozi Umeh", "Graham Pettibone")),
    NearDuplicate("Node JS", "Node.js", ("Siobhán Keane",)),
    NearDuplicate("ReactJS", "React", ("Shreya Venkatesan",)),
    NearDuplicate("React.js", "React", ("Lamar Whitcomb",)),
    NearDuplicate("Postgres", "PostgreSQL", ("Yusuf Demirel", "Clifton Abernathy")),
    NearDuplicate("REST API", "REST APIs", ("Andre Thibodeaux",)),
    NearDuplicate("Python ", "Python", ("Oksana Hrytsenko", "Imran Chaudhry")),
    NearDuplicate("Kubernets", "Kubernetes", ("Chidinma Eze",)),
    NearDuplicate("Cyber security", "Cybersecurity", ("Ingrid Solheim",)),
    NearDuplicate("Machine Learning", "Machine learning", ("Rubén Escalante",)),
)
"""Rows as a table gathers them over the years in which nobody looks after it. No alias in
`SKILLS` names them yet."""
