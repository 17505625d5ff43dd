# The API. The pod's pause container runs from this image too.

# By its tag, which no hash holds: SECURITY.md.
FROM node:24-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY api/src api/src
RUN node_modules/.bin/tsc -p tsconfig.build.json

FROM base AS packages
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS files
WORKDIR /app
COPY package.json ./
COPY compose/health.mjs compose/
# Whole bundles: a stale one is told by the sha256 of every file it names. The API opens no artifact.
COPY models models
# The API finds the project's root by that folder; and whatever umask the checkout had, its user can read the files.
RUN mkdir -p sidecar/picklepod_sidecar && chmod -R a+rX .

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 STATE_DIR=/var/lib/picklepod \
    MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=16777216
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=files /app ./
# A number, so that Kubernetes can tell that it is not root.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "compose/health.mjs", "/livez"]
CMD ["node", "dist/main.js"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="picklepod-api" \
      org.opencontainers.image.description="Validates, batches and answers; the models are computed by picklepod-sidecar" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="node:24-bookworm-slim"
