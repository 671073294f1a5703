"""Names that everybody uses for the same skill, and names that only look alike."""

from __future__ import annotations

from domain.models import Skill
from domain.skills import SkillIndex

_LINES = """
Accessibility = a11y = Web accessibility
Agile = Agile methodology = Agile methodologies
Airtable
Algorithms
Android = Android development
Angular
AngularJS = Angular.js
Ansible
Apache = Apache HTTP Server
API design
Arduino
Artificial intelligence = AI
ASP.NET
ASP.NET Core
Assembly = Assembly language = Assembler = ASM
Auth0
AutoCAD
AWS = Amazon Web Services = Amazon AWS = AWS Cloud
AWS Lambda = Lambda functions
Azure = Microsoft Azure = MS Azure = Azure Cloud
Babel
Backend = Backend development = Back-end engineering = Backend web development
Bash = Bash scripting
Big data
Blazor
Bootstrap = Twitter Bootstrap
BSON
Business analysis
Business analytics
C = C language = C programming
C# = C Sharp = CSharp = C#.NET
C++ = CPP = C plus plus = Cplusplus
Cassandra = Apache Cassandra
CI/CD = CICD = Continuous integration
Clojure
ClojureScript
Closure
Cloud computing = Cloud
COBOL
CoffeeScript
Common Lisp
Cryptography
Cryptocurrency = Crypto
CSS = CSS3 = Cascading Style Sheets
CSV
CUDA
Cybersecurity = Cyber security = Infosec = Information security
Cypher
Cypress
Cython
D3.js = D3
Dart
Data analysis
Data analytics
Data engineering
Data entry
Data mining
Data modeling = Data modelling
Data science
Data structures = Data structure
Data visualization = Data visualisation = Data viz = Dataviz
Database design
Databases = Database = DB
DB2 = IBM Db2
Deep learning
Deno
DevOps = Dev Ops
DevSecOps
Django
Django REST Framework = DRF
Docker
Docker Compose
DynamoDB = Amazon DynamoDB
EC2 = Amazon EC2
Elasticsearch = Elastic Search
Electron = Electron.js
Elixir
Elm
Ember.js = Ember
Erlang
Excel = Microsoft Excel = MS Excel
Express = Express.js
F# = F Sharp = FSharp
FastAPI = Fast API
Figma
Firebase = Google Firebase
Flask
Flutter
Fortran
Frontend = Frontend development = Front-end engineering = Frontend web development
Full stack = Full-stack development = Fullstack web development
Game design
Game development = Game dev
Gatsby = Gatsby.js
Git
GitHub
GitHub Actions
GitLab
GitOps
Go = Golang = Go lang
Godot
Google Cloud = Google Cloud Platform = GCP
Google Sheets
Gradle
Grafana
GraphQL = Graph QL
Groovy
gRPC
Hadoop = Apache Hadoop
Haskell
Helm
Heroku
HTML = HTML5 = HyperText Markup Language
HTML/CSS = HTML & CSS = HTML and CSS = HTML5/CSS3
HTMX
Interviewing = Interview skills
iOS = iOS development
IoT = Internet of Things
IT support = Help desk = Helpdesk
Java
JavaScript = JS = ECMAScript = Vanilla JavaScript = Vanilla JS = ES6
Java Spring
Jenkins
Jest
Jira
jQuery = JQ
JSON
JSX
Julia
Jython
Kafka = Apache Kafka
Keras
Kotlin
Kubernetes = K8s = Kube
Laravel
LaTeX
Linux = GNU/Linux
Lisp
Lua
Machine learning = ML
MariaDB
Markdown
MATLAB
Maven = Apache Maven
Microservices = Microservice architecture
MongoDB = Mongo = Mongo DB
MS SQL Server = SQL Server = MSSQL = Microsoft SQL Server
MySQL = My SQL
Natural language processing = NLP
NestJS = Nest.js = Nest
.NET = Dot Net = .NET Framework
.NET Core
Networking = Computer networking
Networks
Network+
Next.js = Next
Nginx
Node.js = Node
NoSQL = No SQL
NumPy
Nuxt.js = Nuxt
OAuth
Objective-C = Obj-C = ObjC
Object-oriented programming = OOP = Object oriented design
OCaml
Office 365 = Microsoft 365 = Microsoft Office
OpenCL
OpenCV
OpenGL
Oracle
P5.js = P5
Pandas
Penetration testing = Pentesting = Pen testing
Perl
PHP
Playwright
PL/SQL
PostgreSQL = Postgres = PSQL = Postgre SQL
Power BI = PowerBI = Microsoft Power BI
PowerShell = Power Shell
Preact
Product design
Product management
Program management
Project management
Prometheus
Public speaking
Puppeteer
Puppet
Python = Py
PyTorch
QA = Quality assurance = QA testing
Qt
Quantum computing
R = R language = RStudio
R&D
RabbitMQ = Rabbit MQ
Rails = Ruby on Rails = RoR = Rails framework
Raspberry Pi
React = React.js
React Native
Redis
Redux
Regex = Regular expressions = RegExp
REST = REST API = RESTful API = RESTful web services = REST web services
Resume writing = CV writing
Ruby
Rust
S3 = Amazon S3
Salesforce
SAP
SAS
Sass = SCSS
Scala
Scheme
Scrum
Selenium = Selenium WebDriver
SEO = Search engine optimization = Search engine optimisation
Shell scripting = Shell script
SOAP
SOA
Software architecture
Software engineering
Software development
Solidity
Solidworks
Spark = Apache Spark
Splunk
Spring = Spring Framework
Spring Boot
Sprint planning
SQL = Structured Query Language
SQLAlchemy
SQLite
SRE = Site reliability engineering
Svelte
SvelteKit
Swift
SwiftUI = Swift UI
System administration = Sysadmin = Systems administration
System design = Systems design
Tableau
Tailwind CSS = Tailwind
TDD = Test-driven development
TensorFlow = Tensor Flow
Terraform
Testing = Software testing
Three.js
tRPC
T-SQL = Transact-SQL
TypeScript = TS
UI design = User interface design
UI/UX = UX/UI = UI/UX design = UX/UI design
Unit testing = Unit tests
Unity = Unity3D
Unreal Engine = Unreal = UE5
UX design = User experience = User experience design = UX
UX research = User research
VB.NET
VBA
VBScript
Visual Basic = VB
Vite
Vue = Vue.js
Vuex
Web design
Web development = Web dev
Web scraping
Web3
Webpack
WebGL
WebRTC
WordPress = Word Press
XHTML
XML
YAML
"""
"""A line each: the names of one thing, the usual one first. Names on different lines are different
things, however alike they look."""

_NAMES = [[name.strip() for name in line.split(" = ")] for line in _LINES.strip().splitlines()]

WELL_KNOWN = SkillIndex(Skill(name=name, aliases=others) for name, *others in _NAMES)
USUAL_NAMES = {WELL_KNOWN.canonical(name): name for name, *_ in _NAMES}
"""By what ``WELL_KNOWN`` makes of a name, how it is usually written; only for those on the list."""
