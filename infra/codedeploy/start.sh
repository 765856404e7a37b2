#!/bin/bash
# Starts the release's service; what the instance began with at its boot is replaced. The worker
# comes once traffic does: `start_worker.sh`.
set -euo pipefail
systemctl reset-failed sentiment@serve || true
systemctl restart sentiment@serve
