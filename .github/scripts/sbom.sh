#!/usr/bin/env bash
# CycloneDX of what is shipped, without a network: dist/sbom-{service,aws,extension}.cdx.json
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p dist

# Of the environment and not of the lock, because licences are known only there.
.venv-tools/bin/cyclonedx-py environment --pyproject pyproject.toml --sv 1.6 --of JSON \
  --output-reproducible --output-file dist/sbom-service.cdx.json .venv-serve
# What the image has besides; from its lock, so without licences.
.venv-tools/bin/cyclonedx-py requirements requirements/aws.lock --sv 1.6 --of JSON \
  --output-reproducible --output-file dist/sbom-aws.cdx.json
(cd chrome_extension && npm sbom --sbom-format cyclonedx --sbom-type application --omit dev \
  --package-lock-only) >dist/sbom-extension.cdx.json
.venv-tools/bin/python - <<'PYTHON'
import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

for name in ("service", "aws", "extension"):
    path = Path(f"dist/sbom-{name}.cdx.json")
    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    version = document["specVersion"]
    error = JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(text)
    if error is not None:
        sys.exit(f"{path} does not fit the schema of CycloneDX {version}: {error}")
    print(f"{path}: CycloneDX {version}, {len(document['components'])} components")
PYTHON
