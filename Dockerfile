# syntax=docker/dockerfile:1

# Remit for production: one image, four roles (web, worker, beat, migrate); docker-compose.yml says which.

FROM python:3.13-slim AS packages
# Wheels only: nothing is compiled, so no compiler is needed, here or in the final image.
COPY requirements-ops.txt /
RUN python -m venv /opt/remit \
    && /opt/remit/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /requirements-ops.txt

FROM python:3.13-slim
# A volume that is mounted there takes the folder's owner on.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin remit \
    && install --directory --owner 10001 --mode 0700 /var/lib/remit/files
COPY --from=packages /opt/remit /opt/remit
ENV PATH=/opt/remit/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=practice.settings \
    REMIT_MODE=production
WORKDIR /app
COPY . .
# Production settings refuse to start when something is missing, so this one command gets stand-ins. None of
# them stays in the image, and nothing is connected to.
RUN SECRET_KEY=only-while-building-6QkYw0pTnV2xJ8cLr5sZ9dHf4gBm7aEu \
    ALLOWED_HOSTS=build.invalid REMIT_URL=https://build.invalid EMAIL_URL=smtp://build.invalid \
    DATABASE_URL=postgres://build@build.invalid/build REDIS_URL=redis://build.invalid \
    FILES_FOLDER=/var/lib/remit/files \
    python manage.py collectstatic --no-input \
    && python -m compileall -q .
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "bin/_healthy.py"]
CMD ["gunicorn", "practice.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
