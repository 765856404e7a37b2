#!/bin/bash
# Starts the release's worker once the instance takes traffic, from now on at each boot too. Ends
# well once it has run for a while without a restart: a worker that can't work, such as one that the
# store refuses, is started again and again by systemd, and nobody would notice.
#
# Not before: until traffic has moved, the worker of the release before is the one to work, and a
# release that is refused must have touched no message. SETTLE_S and POLL_S are for tests.
set -euo pipefail
unit=sentiment@worker
restarts() {
  systemctl show --property NRestarts --value "$unit"
}

systemctl reset-failed "$unit" || true
systemctl enable "$unit"
systemctl restart "$unit"
before=$(restarts)
ends=$((SECONDS + ${SETTLE_S:-60}))
while ((SECONDS < ends)); do
  sleep "${POLL_S:-5}"
  if ! systemctl is-active --quiet "$unit" || [[ $(restarts) != "$before" ]]; then
    echo "The worker does not stay up: journalctl -u $unit says why." >&2
    exit 1
  fi
done
echo "The worker works."
