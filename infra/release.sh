#!/bin/bash
# Releases an image: infra/release.sh STAGE IMAGE [MODEL_DIGEST]
#
# STAGE is staging or production; IMAGE is REPOSITORY@sha256:… or REPOSITORY:TAG. With a
# MODEL_DIGEST (`sentiment bundle show` prints it) no instance takes traffic with another model.
# Ends with 0 once all traffic goes to the new instances. Those of before stay for
# `keep_blue_minutes`; until they are gone, this takes the release back in a minute or two:
#   aws deploy stop-deployment --auto-rollback-enabled --deployment-id d-…
set -euo pipefail
if (($# < 2 || $# > 3)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
stage=$1 image=$2 digest=${3:-}
folder=$(cd "$(dirname "$0")/codedeploy" && pwd)
revision=$(mktemp -d)
trap 'rm -rf "$revision"' EXIT

output() {
  aws cloudformation describe-stacks --stack-name "Sentiment-${stage^}-Service" \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

bucket=$(output RevisionBucket)
application=$(output ApplicationName)
group=$(output DeploymentGroup)
for found in "$bucket" "$application" "$group"; do
  if [[ -z $found || $found == None ]]; then
    echo "Sentiment-${stage^}-Service names no bucket, application or group: deploy it first." >&2
    exit 1
  fi
done

cp "$folder"/* "$revision"
printf 'IMAGE=%s\nMODEL_DIGEST=%s\n' "$image" "$digest" >"$revision/release.env"
key="releases/$(date -u +%Y%m%dT%H%M%SZ).zip"
aws deploy push --application-name "$application" --source "$revision" \
  --s3-location "s3://$bucket/$key" --description "$image" >/dev/null
deployment=$(aws deploy create-deployment --application-name "$application" \
  --deployment-group-name "$group" --description "$image" \
  --s3-location "bucket=$bucket,key=$key,bundleType=zip" \
  --query deploymentId --output text)
echo "deployment: $deployment"

[[ -z ${GITHUB_OUTPUT:-} ]] || echo "deployment=$deployment" >>"$GITHUB_OUTPUT"

# Whether an event, the last of its kind, is behind every instance of a colour: passed Green EVENT
passed() {
  local targets left
  targets=$(aws deploy list-deployment-targets --deployment-id "$deployment" \
    --target-filters "TargetInstanceLabel=$1" --query targetIds --output text)
  [[ -n $targets && $targets != None ]] || return
  # Ids of instances, which hold no spaces.
  # shellcheck disable=SC2086
  left=$(aws deploy batch-get-deployment-targets --deployment-id "$deployment" \
    --target-ids $targets --output text --query "length(deploymentTargets[?!(instanceTarget\
.lifecycleEvents[?lifecycleEventName=='$2' && (status=='Succeeded' || status=='Skipped')])])")
  [[ $left == 0 ]]
}

while true; do
  status=$(aws deploy get-deployment --deployment-id "$deployment" \
    --query deploymentInfo.status --output text)
  case $status in
    Succeeded) break ;;
    Failed | Stopped)
      echo "$deployment: $status; traffic is where it was, see docs/deploy.md." >&2
      aws deploy get-deployment --deployment-id "$deployment" \
        --query deploymentInfo.errorInformation --output json >&2
      exit 1
      ;;
    # While an instance of before takes traffic, who asks from outside may hear the old model.
    *) if passed Green AfterAllowTraffic && passed Blue AfterBlockTraffic; then break; fi ;;
  esac
  sleep "${POLL_S:-15}"
done
echo "released: $image"
