# One image for every process of ours; which one it is, the command says: web, bot, manage migrate…
FROM python:3.13.9-slim-trixie AS build

WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.13.9-slim-trixie

# The client of PostgreSQL makes copies (cli.py backup), the fonts print papers. Debian keeps the
# present version of a package only: none can be pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client fonts-dejavu-core fonts-liberation \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home plant

ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=plant:plant . .
RUN mkdir -p var/files && chown plant:plant . var var/files
USER 10001
# What is compiled at the first start (translations, static files) is so in the image.
RUN MEATBOT_DEMO=1 python cli.py manage check

ENTRYPOINT ["python", "cli.py"]
CMD ["web", "--host", "0.0.0.0"]
