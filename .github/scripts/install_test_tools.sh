#!/usr/bin/env bash
# Chromium for the panel's tests and PostgreSQL for the store's, where they are missing (Debian).
set -euo pipefail

wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
((${#wanted[@]})) || exit 0
echo "installing: ${wanted[*]}"
as_root=()
((EUID == 0)) || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
