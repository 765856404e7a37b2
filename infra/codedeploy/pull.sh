#!/bin/bash
# Fetches the release's image before anything is started with it: a missing image fails here.
set -euo pipefail
set -a
# shellcheck source=/dev/null
source /etc/sentiment/release.env
set +a
/usr/local/bin/sentiment-pull
