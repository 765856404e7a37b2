#!/bin/bash
# Stops the release before, which drains first. On a new instance nothing may run yet.
set -euo pipefail
systemctl stop sentiment@serve sentiment@worker
