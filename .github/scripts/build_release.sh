#!/usr/bin/env bash
# All files of a release into dist/: .github/scripts/build_release.sh VERSION
# Bento, extension (zip, and crx signed with the key in CRX_KEY,
# PEM), SBOMs, notes, checksums.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1:?name the version}
found=$(sed -nE 's/^__version__ = "(.*)"$/\1/p' sentiment/__init__.py)
if [[ $version != "$found" ]]; then
  echo "The tag says $version, sentiment/__init__.py says $found." >&2
  exit 1
fi
rm -rf dist
mkdir dist
python3 .github/scripts/changelog.py "$version" >dist/notes.md

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [[ -n ${CRX_KEY:-} ]]; then
  (umask 077 && printf '%s\n' "$CRX_KEY" >"$scratch/key.pem")
  export SENTIMENT_CRX_KEY_FILE=$scratch/key.pem
  unset CRX_KEY
fi
make extension sbom
export BENTOML_HOME=$scratch/bentoml
# Where BentoML finds no uv it installs one, of any version.
export PATH=$PWD/.venv-uv/bin:$PATH
.venv-serve/bin/python -m bentoml build --version "$version"
# A relative path would be taken from the root.
.venv-serve/bin/python -m bentoml export "youtube_sentiment:$version" \
  "$PWD/dist/youtube_sentiment-$version.bento"
(cd dist && sha256sum -- *.bento *.zip *.crx *.cdx.json >SHA256SUMS)
ls -l dist
