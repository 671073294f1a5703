# One image for every process of Muster; docker-compose.yml says which one a container runs.
FROM python:3.12-slim

RUN useradd --create-home --uid 10001 muster
WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock

COPY serving.py settings.py worker.py ./
COPY activities ./activities
COPY cards ./cards
COPY clients ./clients
COPY domain ./domain
COPY policies ./policies
COPY records ./records
COPY slack_app ./slack_app
COPY starter ./starter
COPY workflows ./workflows

USER muster
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
CMD ["python", "worker.py"]
