# One image for the tasks of a pipeline, for Beam's workers and for scoring: see docs/image.md.

# The newest stack (docs/stacks.md). For the oldest: python:3.10-slim-bookworm, apache/beam_python3.10_sdk:2.74.0.
ARG BASE=python:3.12-slim-trixie
# The version of Beam in requirements.lock, for this Python.
ARG BEAM_BASE=apache/beam_python3.12_sdk:2.77.0


FROM ${BEAM_BASE} AS beam


# Without the settings of tools, a change of which would otherwise rebuild the next stage.
FROM ${BASE} AS required
COPY pyproject.toml /
RUN sed --in-place '/^\[tool\./,$d' /pyproject.toml


# Rebuilt only when the dependencies change. A single step, so that no layer contains the compiler (for pyfarmhash,
# which has no wheel) and uv. Developer tools are in a dependency group and not installed.
FROM ${BASE} AS dependencies
COPY requirements.lock /project/
COPY --from=required /pyproject.toml /project/
RUN apt-get update && apt-get install --yes --no-install-recommends g++ \
    && python -m pip install --no-cache-dir uv \
    && python -m venv /opt/venv \
    && uv pip install --python /opt/venv --no-cache --compile-bytecode --require-hashes \
         --requirement /project/pyproject.toml --extra openvino --extra s3 --extra serve \
         --constraint /project/requirements.lock --build-constraint /project/requirements.lock \
    && python -m pip uninstall --yes uv \
    && apt-get purge --yes --auto-remove g++ && rm -rf /var/lib/apt/lists/* /tmp/*


FROM dependencies AS package
COPY . /project
RUN /opt/venv/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --root /package /project


FROM dependencies AS image
LABEL org.opencontainers.image.title="Deepfake video pipeline" \
      org.opencontainers.image.description="A TFX pipeline that learns to tell forged videos from real ones"
RUN useradd --uid 1000 --create-home deepfake && chmod 1777 /home/deepfake
COPY --from=beam /opt/apache/beam /opt/apache/beam
COPY scripts/container_entrypoint.sh /opt/entrypoint
COPY --from=package /package /

# RUN_PYTHON_...: Beam would otherwise create its own virtual environment without these packages.
ENV PATH=/opt/venv/bin:${PATH} \
    HOME=/home/deepfake \
    RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1 \
    TF_CPP_MIN_LOG_LEVEL=3 \
    TF_ENABLE_ONEDNN_OPTS=1
WORKDIR /home/deepfake
ARG RUN_AS=1000
USER ${RUN_AS}
ENTRYPOINT ["/opt/entrypoint"]
CMD ["deepfake", "--help"]
