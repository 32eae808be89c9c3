#!/usr/bin/env bash
# Fills .venv from requirements.lock, with nothing but python3 at hand: fetches uv into .tools, and a Python 3.10
# where the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."

python_version=3.10
uv=.tools/uv/bin/uv

fail() {
  echo "set-up: $*" >&2
  exit 1
}

fetch_uv() {
  [ -x "$uv" ] && return
  echo "set-up: fetching uv into .tools"
  command -v python3 >/dev/null || fail "python3 is not there; install it, e.g. apt-get install python3 python3-venv"
  rm -rf .tools/uv
  if python3 -m venv .tools/uv 2>/dev/null; then
    .tools/uv/bin/python -m pip install --quiet uv
  elif python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip install --quiet --target .tools/uv uv
  else
    fail "python3 has neither venv nor pip; install one, e.g. apt-get install python3-venv"
  fi
}

# A shim that stands for an interpreter which is not selected is on PATH too, so each candidate is run.
find_python() {
  local candidate
  for candidate in "python$python_version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$python_version.*/bin/python; do
    if [ "$("$candidate" -c 'import platform; print(platform.python_version())' 2>/dev/null | cut -d. -f1,2)" = "$python_version" ]; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  echo "$python_version"
}

fetch_uv
export UV_LINK_MODE=copy
python=$(find_python)
echo "set-up: installing into .venv with Python $python"
"$uv" venv --quiet --clear --python "$python" .venv
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
