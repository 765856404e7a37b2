#!/usr/bin/env bash
# Releases the image of before again: .github/scripts/roll_back.sh STAGE PREVIOUS
# CodeDeploy has moved traffic back by itself where a release failed; this is for one that went
# well and whose verification from outside did not.
set -euo pipefail
cd "$(dirname "$0")/../.."
stage=${1:?name the stage} previous=${2:-}
if [[ -z $previous ]]; then
  echo "Nothing was live before: there is no way back." >&2
  exit 1
fi
infra/release.sh "$stage" "$previous"
echo "rolled back: $stage is on $previous again"
