#!/usr/bin/env bash
# Puts the images of both architectures under one name: .github/scripts/image_index.sh REPOSITORY VERSION
# Writes `digest`, of the index, to GITHUB_OUTPUT.
set -euo pipefail
repository=${1:?name the repository} version=${2:?name the version}
docker buildx imagetools create --tag "$repository:$version" \
  "$repository:$version-amd64" "$repository:$version-arm64"
digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$repository:$version")
if [[ $digest != sha256:* ]]; then
  echo "Wanted the digest of $repository:$version, found '$digest'." >&2
  exit 1
fi
echo "digest=$digest" >>"$GITHUB_OUTPUT"
