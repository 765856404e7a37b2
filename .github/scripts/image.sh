#!/usr/bin/env bash
# Builds, checks and pushes the serving image for this machine's architecture:
#   .github/scripts/image.sh REPOSITORY VERSION [push]
# The tag is VERSION-amd64 or VERSION-arm64. The image must keep its budget, answer and drain.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=${1:?name the repository} version=${2:?name the version} then=${3:-}
architecture=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
image=$repository:$version-$architecture
budget_bytes=450000000
port=${SMOKE_PORT:-3000}

docker build --file deploy/serve/Dockerfile --tag "$image" \
  --build-arg "VERSION=$version" --build-arg "REVISION=$(git rev-parse HEAD)" .
size=$(docker image inspect --format '{{.Size}}' "$image")
echo "size: $size of $budget_bytes bytes"
if ((size > budget_bytes)); then
  echo "The image is larger than its budget." >&2
  exit 1
fi

container=$(docker run --detach --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges --publish "127.0.0.1:$port:3000" "$image")
trap 'docker rm --force "$container" >/dev/null' EXIT
python3 .github/scripts/smoke_test.py "http://127.0.0.1:$port"
docker stop --time 30 "$container" >/dev/null
code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
if [[ $code != 0 ]]; then
  echo "The container ended with $code instead of draining." >&2
  exit 1
fi

if [[ $then == push ]]; then
  docker push "$image"
fi
