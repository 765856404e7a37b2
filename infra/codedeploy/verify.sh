#!/bin/bash
# Ends well once the service is ready and answers with the wanted model, if one is wanted.
#
# READY_URL, WAIT_S, POLL_S and RELEASE_FILE are for tests.
set -euo pipefail
url=${READY_URL:-http://127.0.0.1:3000/readyz}
ends=$((SECONDS + ${WAIT_S:-240}))
# shellcheck source=/dev/null
source "${RELEASE_FILE:-/etc/sentiment/release.env}"

until answer=$(curl --fail --silent --max-time 5 "$url"); do
  if ((SECONDS >= ends)); then
    echo "The service did not become ready: $url gave no 200." >&2
    exit 1
  fi
  sleep "${POLL_S:-2}"
done
if [[ -n ${MODEL_DIGEST:-} && $answer != *"$MODEL_DIGEST"* ]]; then
  echo "Another model answers than the release names ($MODEL_DIGEST): $answer" >&2
  exit 1
fi
echo "ready: $answer"
