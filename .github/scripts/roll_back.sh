#!/usr/bin/env bash
# Takes a release back: .github/scripts/roll_back.sh STAGE DEPLOYMENT PREVIOUS
# CodeDeploy has moved traffic back by itself where a release failed; this is for one that went
# well and whose verification from outside did not. While the instances of before are there, the
# deployment is stopped and traffic goes back to them; later, the image of before is released again.
set -euo pipefail
cd "$(dirname "$0")/../.."
stage=${1:?name the stage} deployment=${2:?name the deployment} previous=${3:-}

told() {
  aws deploy get-deployment --deployment-id "$1" --query "deploymentInfo.$2" --output text
}

status=$(told "$deployment" status)
if [[ $status != Succeeded ]]; then
  # It may have been stopped by an alarm meanwhile, and is then on its way back already.
  aws deploy stop-deployment --deployment-id "$deployment" --auto-rollback-enabled >/dev/null ||
    echo "$deployment can't be stopped: $(told "$deployment" status)" >&2
  ends=$((SECONDS + ${WAIT_S:-900}))
  while ((SECONDS < ends)); do
    back=$(told "$deployment" rollbackInfo.rollbackDeploymentId)
    status=None
    [[ -z $back || $back == None ]] || status=$(told "$back" status)
    case $status in
      Succeeded)
        echo "rolled back: $back moved the traffic of $stage back"
        exit 0
        ;;
      Failed | Stopped) break ;;
    esac
    sleep "${POLL_S:-15}"
  done
  echo "$deployment was not rolled back by CodeDeploy: ${back:-no deployment}, $status" >&2
fi
if [[ $previous != *@sha256:* ]]; then
  echo "No image of before is known by digest ('$previous'): there is no way back." >&2
  exit 1
fi
infra/release.sh "$stage" "$previous"
echo "rolled back: $stage is on $previous again"
