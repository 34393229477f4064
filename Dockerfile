# The build stage needs npm only; the runtime stage holds one executable.
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 paycore \
  && install -d -o paycore -g paycore -m 700 /data
COPY --from=build /build/dist/paycore /usr/local/bin/paycore
USER paycore
ENV PAYCORE_HOST=0.0.0.0 PAYCORE_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/paycore"]
CMD ["serve"]
