# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /orgraph
# Dependencies first: they change less often than the code.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/it benches \
 && echo 'fn main() {}' | tee src/main.rs tests/it/main.rs > benches/restart.rs \
 && touch src/lib.rs \
 && cargo build --release --locked \
 && rm -r src tests benches
COPY src src
COPY data data
RUN touch src/lib.rs src/main.rs && mkdir -p tests/it benches && touch tests/it/main.rs benches/restart.rs \
 && cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --uid 10001 orgraph
COPY --from=build /orgraph/target/release/orgraph /usr/local/bin/orgraph
USER orgraph
# Inside a container the loopback address reaches nobody.
ENV ORGRAPH_LISTEN=0.0.0.0:8080 ORGRAPH_LOG_FORMAT=json
EXPOSE 8080
# Alive, not ready: a container that waits for Gong must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:${ORGRAPH_LISTEN##*:}/livez"
ENTRYPOINT ["orgraph"]
CMD ["serve"]
