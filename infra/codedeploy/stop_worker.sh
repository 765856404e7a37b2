#!/bin/bash
# Ends the worker of an instance that has lost its traffic, for its next boot too: it may stay for
# an hour, and must not work beside the release after it. When traffic comes back, its own
# `start_worker.sh` starts it again.
set -euo pipefail
systemctl disable --now sentiment@worker
