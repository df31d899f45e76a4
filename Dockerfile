# The image of collector, studio and loader, over a Kafka, a ClickHouse and a PostgreSQL outside. See docs/deploy.md.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN node scripts/build.mjs
RUN npx -y pnpm@10.34.9 --filter @millrace/cli deploy --prod --legacy /app
# The embedded ClickHouse, 566 MB, and what calls it: not used with CLICKHOUSE_URL.
RUN rm -rf /app/node_modules/.pnpm/@chdb+* /app/node_modules/.pnpm/chdb@* /app/node_modules/.pnpm/*ffi-rs*

FROM node:22-bookworm-slim
RUN install -d -o node -g node -m 700 /data
COPY --from=build /app /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3500 MILLRACE_DATA=/data
USER node
VOLUME /data
EXPOSE 3500
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/bin/millrace.mjs"]
CMD ["start"]
