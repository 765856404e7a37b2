#!/usr/bin/env bash
# Known vulnerabilities and licences of what is shipped. Asks PyPI and the npm registry.
# Ends with 1 where something is found, and where a registry can't tell: silence is no proof.
set -euo pipefail
cd "$(dirname "$0")/../.."
failed=0

echo "== pip-audit: the serving set and boto3"
# --strict: a package that PyPI does not know counts as a failure, not as clean.
.venv-tools/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
  --requirement requirements/serve.lock --requirement requirements/aws.lock || failed=1

echo "== npm audit: the side panel"
(cd chrome_extension && npm audit --omit=dev --audit-level=moderate) || failed=1

echo "== Licences"
python3 .github/scripts/licences.py || failed=1
exit "$failed"
