#!/usr/bin/env bash
# Whether the check for drift still tells: no alarm in two quiet years, every made-up drift found.
# The watch over production itself runs beside its store, each day (`infra/`).
set -euo pipefail
cd "$(dirname "$0")/../.."
table=$(.venv/bin/sentiment drift simulate --years 2 --runs 20)
echo "$table"
for row in 'most in one of them' 'not found within'; do
  if ! grep -qE "${row}[^│]*│ +0 │" <<<"$table"; then
    echo "wanted 0: $row" >&2
    exit 1
  fi
done
