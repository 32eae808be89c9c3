#!/usr/bin/env bash
# Fills .venv from requirements.lock and needs only python3: fetches uv into .tools, picks the newest stack that the
# machine can run, and fetches an interpreter if the machine has none. PYTHON=3.10, 3.11, 3.12 or 3.13 overrides the
# choice.
set -euo pipefail
cd "$(dirname "$0")/.."

# TFX 1.21 has wheels for all three, TFX 1.16 for one.
newest_stack=(3.13 3.12 3.11)
oldest_stack=3.10
# Required by the newest stack's wheels.
newest_glibc=2.39
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

# Prints the interpreter of version $1, if the machine has it. PATH may contain shims of unselected interpreters, so
# each candidate is run. Its headers are needed to build pyfarmhash, which has no wheel.
find_python() {
  local candidate
  for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python .tools/python/*-"$1".*/bin/python3; do
    "$candidate" - "$1" 2>/dev/null <<'END' && return
import os, sys, sysconfig
here = "%d.%d" % sys.version_info[:2] == sys.argv[1]
if not here or not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    sys.exit(1)
print(sys.executable)
END
  done
  return 1
}

# Prints the interpreter of version $1, fetched if necessary and possible.
find_or_fetch_python() {
  find_python "$1" && return
  "$uv" python install --quiet --install-dir .tools/python --no-bin "$1" 2>/dev/null && find_python "$1"
}

# Whether the machine's C library, of version $1, can load the newest stack.
runs_newest_stack() {
  [ "$(printf '%s\n' "$newest_glibc" "${1:-0}" | sort -V | head -n 1)" = "$newest_glibc" ]
}

# Sets `version`, `python` and `reason`. Fails here, before .venv is changed, if the choice cannot be installed.
choose_python() {
  local glibc
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || true
  if [ -n "${PYTHON-}" ]; then
    case " ${newest_stack[*]} $oldest_stack " in
      *" $PYTHON "*) ;;
      *) fail "PYTHON='$PYTHON': allowed are ${newest_stack[*]} and $oldest_stack" ;;
    esac
    [ "$PYTHON" = "$oldest_stack" ] || runs_newest_stack "$glibc" ||
      fail "PYTHON='$PYTHON': TFX 1.21 wants glibc $newest_glibc, here is ${glibc:-none}; type PYTHON=$oldest_stack"
    version=$PYTHON reason="as PYTHON says"
    python=$(find_or_fetch_python "$version") ||
      fail "no Python $version with its headers here, and none could be fetched; install one or take another PYTHON"
    return
  fi
  if ! runs_newest_stack "$glibc"; then
    reason="TFX 1.21 wants glibc $newest_glibc, here is ${glibc:-none}"
  else
    reason="glibc is $glibc"
    for version in "${newest_stack[@]}"; do
      python=$(find_python "$version") && return
    done
    version=${newest_stack[0]}
    python=$(find_or_fetch_python "$version") && return
    reason="no Python ${newest_stack[*]} with its headers here, and none could be fetched"
  fi
  version=$oldest_stack
  python=$(find_or_fetch_python "$version") || fail "$reason, and no Python $version either; install one"
}

fetch_uv
# By default, whoever edits a library in .venv leaves uv's cache intact.
export UV_LINK_MODE=${UV_LINK_MODE:-copy}
choose_python
[ "$version" = "$oldest_stack" ] && tfx=1.16 || tfx=1.21
echo "set-up: installing TFX $tfx into .venv with Python $version ($python): $reason"
"$uv" venv --quiet --clear --python "$python" .venv
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
touch .venv/.complete ".venv/.python-$version"
