# 绩溪救助: one image for web, worker and beat. Built from the same set-up script as make demo, without embedded servers.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 TZ=Asia/Shanghai
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin jixi
WORKDIR /app

# The slow part first: system libraries, locked packages, fonts. It changes when these files do.
COPY requirements/base.txt requirements/base.txt
COPY scripts/setup.py scripts/setup.py
RUN JIXI_VAR_DIR=/opt/jixi python scripts/setup.py --serve && rm -rf /var/lib/apt/lists/*
ENV PATH=/app/.venv/bin:$PATH FONTCONFIG_FILE=/opt/jixi/fonts/fonts.conf

COPY . .
RUN install -d -o jixi -g jixi /data /opt/jixi/fonts/cache
ENV JIXI_VAR_DIR=/data
USER jixi
EXPOSE 8000
CMD ["gunicorn", "jixi_assist.wsgi", "--bind", "0.0.0.0:8000", "--access-logfile", "-"]
