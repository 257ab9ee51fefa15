# syntax=docker/dockerfile:1
#
# One image an app: docker build --build-arg APP=conductor -t jeroboam/conductor .
# APP is api, conductor, cert-authority, stats, event-store or sandbox. All of them share every
# layer but the last few.

FROM node:24-bookworm-slim AS build
WORKDIR /jeroboam
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci
RUN npx nx run-many -t build --output-style=static
# Node comes with the image: the one from the registry is optional, and left out with the rest.
RUN npm prune --omit=dev --omit=optional \
 && find apps libs -type d -name src -prune -exec rm -rf {} + \
 && rm -rf libs/testing

FROM node:24-bookworm-slim AS run
ENV NODE_ENV=production \
    JEROBOAM_DATA_DIR=/var/lib/jeroboam \
    JEROBOAM_HTTP_HOST=0.0.0.0 \
    JEROBOAM_HTTP_PORT=9511 \
    JEROBOAM_EVENTSTORE_HOST=0.0.0.0 \
    JEROBOAM_SANDBOX_HOST=0.0.0.0
RUN install -d -o node -g node /var/lib/jeroboam
WORKDIR /jeroboam
COPY --from=build /jeroboam/package.json ./
COPY --from=build /jeroboam/node_modules ./node_modules
COPY --from=build /jeroboam/libs ./libs

ARG APP
# The sandbox has no health check of its own: --build-arg HEALTH_URL=http://127.0.0.1:9512/identity/v3
ARG HEALTH_URL=http://127.0.0.1:9511/healthcheck
COPY --from=build /jeroboam/apps/${APP} ./apps/${APP}
RUN test -f apps/${APP}/dist/main.js && ln -s apps/${APP} app
ENV HEALTH_URL=${HEALTH_URL}
USER node
VOLUME /var/lib/jeroboam
EXPOSE 9511 9512 9513
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "app/dist/main.js"]
