#!/bin/bash
# Fetches the image that release.env names, unless it is here.
set -euo pipefail
: "${IMAGE:?release.env names no IMAGE}"
docker image inspect "$IMAGE" >/dev/null 2>&1 && exit 0
aws ecr get-login-password --region '@REGION@' |
  docker login --username AWS --password-stdin "${IMAGE%%/*}" >/dev/null
docker pull --quiet "$IMAGE"
