# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS node

FROM rust:1.95-slim-bookworm AS build
# Node builds the pages, which the binary carries.
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /orgraph
# Dependencies first: they change less often than the code.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p build src tests/it benches \
 && echo 'fn main() {}' | tee build/main.rs src/main.rs benches/scan.rs benches/restart.rs > tests/it/main.rs \
 && touch src/lib.rs \
 && cargo build --release --locked \
 && rm -r src
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN cd web && npm ci --include=dev
COPY schema.graphql ./
COPY build build
COPY docs/queries.md docs/
COPY web web
COPY src src
COPY data data
RUN touch build/main.rs src/lib.rs src/main.rs && ORGRAPH_WEB=require cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --uid 10001 orgraph \
 && install -d -o orgraph -m 0700 /var/lib/orgraph
COPY --from=build /orgraph/target/release/orgraph /usr/local/bin/orgraph
USER orgraph
# What has to outlive the container: the last good snapshot, the day's calls, OAuth's tokens.
VOLUME /var/lib/orgraph
# Inside a container the loopback address reaches nobody. On any other the service starts once it is said who may ask:
# ORGRAPH_API_KEYS_FILE, ORGRAPH_OIDC_ISSUER and ORGRAPH_OIDC_AUDIENCE, or ORGRAPH_INSECURE_NO_AUTH=true.
ENV ORGRAPH_LISTEN=0.0.0.0:8080 ORGRAPH_LOG_FORMAT=json ORGRAPH_STATE_DIR=/var/lib/orgraph
EXPOSE 8080
# Alive, not ready: a container that waits for Gong must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:${ORGRAPH_LISTEN##*:}/livez"
ENTRYPOINT ["orgraph"]
CMD ["serve"]
