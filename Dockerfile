# The image of a Jifen server: docker build --tag jifen .
# It writes to /data and /tmp alone, so the root of a container can be read-only.

FROM node:24.21.0-bookworm-slim AS build
ENV CI=true NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    npx --yes pnpm@12.21.0 install --frozen-lockfile --filter jifen --filter '@jifen/api...' --filter '@jifen/console...' \
 && npx --yes pnpm@12.21.0 run build:server
# The server with what it needs at run time, and the console beside it.
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    npx --yes pnpm@12.21.0 --filter @jifen/api --prod --legacy deploy /app/apps/api \
 && chmod +x /app/apps/api/dist/cli/main.js \
 && mkdir -p /app/apps/console \
 && cp -r apps/console/dist /app/apps/console/dist

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Jifen" \
      org.opencontainers.image.description="Credits, call logs and billing for AI products" \
      org.opencontainers.image.licenses="Apache-2.0"
# tini forwards signals and collects the processes that a command leaves behind.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /data \
 && chown node:node /data
COPY --from=build /app /app
# `docker exec CONTAINER jifen doctor` runs a command.
RUN ln -s /app/apps/api/dist/cli/main.js /usr/local/bin/jifen
# With NODE_ENV=production the start requires JWT_SECRET; without it a secret is made once and kept in /data.
ENV HOST=0.0.0.0 PORT=3001 DATA_DIR=/data
WORKDIR /data
USER node
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "/app/apps/api/dist/main.js"]
