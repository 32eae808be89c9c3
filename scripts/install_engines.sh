#!/usr/bin/env bash
# Installs the system packages that tests marked `engine` and `browser` need, on Debian or Ubuntu, if they are missing.
set -euo pipefail

packages=(buildah chromium debootstrap)

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "engines: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
