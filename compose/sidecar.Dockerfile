# The sidecar of one bundle, on the bundle's own Python:
#   docker build -f compose/sidecar.Dockerfile --build-arg PYTHON=3.7 --build-arg BUNDLE=flight-delay .
ARG PYTHON=3.9

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
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-ISc", \
  "import http.client as h; c = h.HTTPConnection('127.0.0.1', 9101, timeout=2); c.request('GET', '/v2/health/live'); raise SystemExit(c.getresponse().status != 200)"]
ENV BUNDLE=${BUNDLE}
CMD ["sh", "-c", "exec python -m picklepod_sidecar --bundle models/$BUNDLE --port 9101 --state-dir /var/lib/picklepod"]
