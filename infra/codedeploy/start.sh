#!/bin/bash
# Starts the release; what the instance began with at its boot is replaced.
set -euo pipefail
systemctl reset-failed sentiment@serve sentiment@worker || true
systemctl restart sentiment@serve sentiment@worker
