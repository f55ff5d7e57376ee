FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app

COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
COPY packages/engine/package.json packages/engine/
COPY packages/kernels/package.json packages/kernels/
COPY packages/mapping/package.json packages/mapping/
COPY packages/sdk/package.json packages/sdk/
COPY packages/simulator/package.json packages/simulator/
COPY packages/widgets/package.json packages/widgets/
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

COPY packages ./packages
RUN mkdir /data && chown node:node /data

USER node
ENV PROBITY_HOST=0.0.0.0 PROBITY_PORT=7070 PROBITY_DATA_DIR=/data
VOLUME /data
EXPOSE 7070
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PROBITY_PORT}/readyz`).then((answer) => { process.exitCode = answer.ok ? 0 : 1; }, () => { process.exitCode = 1; })"]
ENTRYPOINT ["node", "packages/engine/src/main/cli.ts"]
CMD ["serve"]
