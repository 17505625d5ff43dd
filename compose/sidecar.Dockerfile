# The sidecar of one bundle, on the bundle's own Python:
#   docker build -f compose/sidecar.Dockerfile --build-arg PYTHON=3.7 --build-arg BUNDLE=flight-delay .
ARG PYTHON=3.9

# By its tag, which no hash holds and, being made of an argument, no Dependabot follows: SECURITY.md.
FROM python:${PYTHON}-slim-bookworm AS environment
ARG PYTHON
ARG BUNDLE=classification
# PIP_IGNORE_INSTALLED: what the base image happens to have must not stand in for what the lock names.
ENV PIP_REQUIRE_HASHES=1 PIP_ONLY_BINARY=:all: PIP_NO_DEPS=1 PIP_IGNORE_INSTALLED=1 \
    PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv --without-pip /opt/environment
COPY models/${BUNDLE}/requirements.lock /locks/
RUN pip install --prefix /opt/environment -r /locks/requirements.lock
# The sidecar's own packages come after the model's on sys.path, so that the model's pins always win.
COPY sidecar/locks/sidecar-${PYTHON}.txt /locks/
RUN pip install --target /opt/sidecar-packages -r /locks/sidecar-${PYTHON}.txt \
 && echo /opt/sidecar-packages > /opt/environment/lib/python${PYTHON}/site-packages/picklepod-sidecar.pth

FROM python:${PYTHON}-slim-bookworm AS files
ARG BUNDLE=classification
WORKDIR /app
COPY sidecar/picklepod_box picklepod_box
COPY sidecar/picklepod_gate picklepod_gate
COPY sidecar/picklepod_reference picklepod_reference
COPY sidecar/picklepod_sidecar picklepod_sidecar
# What a train.py that runs at the first start draws its rows from.
COPY models/synthetic models/synthetic
COPY models/${BUNDLE} models/${BUNDLE}
# Whatever umask the checkout had, the sidecar's user can read the files.
RUN chmod -R a+rX .

FROM python:${PYTHON}-slim-bookworm
ARG BUNDLE=classification
# Where the state goes: a volume mounted here takes its owner from this folder.
RUN install -d -o 10001 -g 10001 /var/lib/picklepod
WORKDIR /app
ENV PATH=/opt/environment/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=environment /opt /opt
COPY --from=files /app ./
USER 10001:10001
# Not by a call: nothing in this container may open a connection. The event loop renews the file every 5 s.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-ISc", \
  "import os, time; raise SystemExit(time.time() - os.stat('/tmp/alive').st_mtime > 15)"]
ENV BUNDLE=${BUNDLE}
CMD ["sh", "-c", "exec python -m picklepod_sidecar --bundle models/$BUNDLE --port 9101 --state-dir /var/lib/picklepod --alive-file /tmp/alive"]
ARG PYTHON
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="picklepod-sidecar" \
      org.opencontainers.image.description="Loads a model's original artifacts under the versions that wrote them, and computes" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="python:${PYTHON}-slim-bookworm" \
      picklepod.bundle="${BUNDLE}"
