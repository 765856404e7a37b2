#!/usr/bin/env bash
# The pipeline `smoke` at BASE and here, what changed, and whether the starter keeps its quality:
#   .github/scripts/evaluate.sh BASE [CORPUS...]
# Writes dist/evaluation.md. Ends with 1 where a figure is below .github/thresholds.json. Works in
# a clone of its own, so that the working tree stays as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=$(git rev-parse --verify "${1:?name a commit to compare with}^{commit}")
head=$(git rev-parse HEAD)
shift
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p dist

git clone --quiet . "$scratch/clone"
ln -s "$root/.venv" "$scratch/clone/.venv"
cd "$scratch/clone"

reproduce() {
  # The environment is the tree's own: it is not made again for the clone.
  make --silent --old-file .venv/.installed pipeline CONFIG=smoke
}

git checkout --quiet "$base"
reproduce
kept=(dvc.lock reports/smoke/metrics.json reports/smoke/suite/metrics.json)
git add --force params.yaml "${kept[@]}"
git -c user.name=ci -c user.email=ci@localhost commit --quiet --no-verify --message before
git tag before
git checkout --quiet "$head"
# What was made a moment ago is not made again, unless what it depends on has changed.
git restore --source before --worktree "${kept[@]}"
reproduce
.venv/bin/sentiment bundle verify outputs/smoke/bundle
test "$(.venv/bin/dvc status --quiet && echo unchanged)" = unchanged
.venv/bin/python "$root/.github/scripts/thresholds.py" smoke reports/smoke/metrics.json

{
  echo "### Pipeline \`smoke\`: ${base:0:7} against ${head:0:7}"
  echo "It proves that the pipeline runs, and nothing about quality. Figures that are equal are left out."
  echo
  .venv/bin/dvc metrics diff before --md || true
} >"$root/dist/evaluation.md"

if (($#)); then
  corpora=()
  for corpus in "$@"; do corpora+=(--corpus "$corpus"); done
  .venv/bin/sentiment download "$@"
  .venv/bin/sentiment evaluate --bundle models/starter "${corpora[@]}" --resamples 200 \
    --output reports/starter
  failed=0
  {
    echo
    echo "### The starter"
    .venv/bin/python "$root/.github/scripts/thresholds.py" starter reports/starter/metrics.json
  } >>"$root/dist/evaluation.md" || failed=1
  cat "$root/dist/evaluation.md"
  exit "$failed"
fi
