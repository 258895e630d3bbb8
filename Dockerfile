# A server for a classroom: CPU only, without rights; what lasts lies in /srv/explorer.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# What changes rarely comes first. The launcher knows where PyTorch's build without CUDA is.
COPY requirements.txt constraints.txt ./
COPY explorer/__init__.py explorer/
COPY explorer/launch explorer/launch
RUN index="$(python -c 'from explorer.launch.torch_build import CPU_INDEX; print(CPU_INDEX)')" \
    && grep '^torch' requirements.txt > /tmp/torch.txt \
    && pip install --index-url "$index" --requirement /tmp/torch.txt \
    && pip install --requirement requirements.txt --constraint constraints.txt

COPY . .
# Compiled now, so that no start waits for it; the import says at once if something is missing.
RUN python -m compileall -q core explorer pages \
    && python -c 'from explorer.server import warm_up; warm_up()' \
    && useradd --create-home --uid 1000 explorer \
    && install --directory --owner explorer /srv/explorer

USER 1000
ENV EXPLORER_RUNS_DIR=/srv/explorer/runs \
    XDG_CACHE_HOME=/srv/explorer/cache
VOLUME /srv/explorer
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "explorer.server", "--host", "0.0.0.0", "--port", "8501"]
