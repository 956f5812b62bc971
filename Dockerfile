# One image: the bot with its corpus and a finished index. Build: docker build -t audiatur .
# Run:   docker run -e BOT_TOKEN=… -e ADMIN_IDS=… -v audiatur-data:/data audiatur
FROM python:3.11-slim AS build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY index index
# "+cpu" names the build without GPU packages; only torch's own index has it
RUN pip install -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu \
      torch==2.13.0+cpu \
 && pip install -c constraints.txt -e .
COPY seeds seeds
ENV AUDIATUR_DATA=/data
RUN audiatur reindex

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 audiatur
COPY --from=build /venv /venv
COPY --from=build /app /app
# an admin may add documents and decide on suggestions: mount a folder here to keep them
COPY --from=build --chown=audiatur /app/seeds /app/seeds
COPY --from=build --chown=audiatur /data /data
ENV PATH=/venv/bin:$PATH AUDIATUR_DATA=/data PYTHONUNBUFFERED=1
WORKDIR /app
USER audiatur
VOLUME /data
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s CMD ["python", "-m", "bot.heartbeat"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["audiatur"]
CMD ["bot"]
