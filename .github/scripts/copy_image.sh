#!/usr/bin/env bash
# Copies a released image into a stage's registry, bytes as they are, and names it by digest:
#   .github/scripts/copy_image.sh STAGE SOURCE@sha256:DIGEST TAG
# Writes `image` and `previous`, the image that was released last (or nothing), to GITHUB_OUTPUT.
set -euo pipefail
stage=${1:?name the stage} source=${2:?name the image by digest} tag=${3:?name the tag}
if [[ $source != *@sha256:* ]]; then
  echo "Wanted an image by digest, found $source." >&2
  exit 2
fi

output() {
  aws cloudformation describe-stacks --stack-name "Sentiment-${stage^}-$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

repository=$(output Foundation ServingRepository)
aws ecr get-login-password |
  docker login --username AWS --password-stdin "${repository%%/*}" >/dev/null
# A tag there can't be written twice; the same release may come again after a failure. Without
# --prefer-index=false a new index would be made, with another digest.
if ! aws ecr describe-images --repository-name "${repository#*/}" \
  --image-ids "imageTag=$tag" >/dev/null 2>&1; then
  docker buildx imagetools create --prefer-index=false --tag "$repository:$tag" "$source"
fi
echo "image=$repository@${source#*@}" >>"$GITHUB_OUTPUT"

application=$(output Service ApplicationName)
group=$(output Service DeploymentGroup)
deployments=$(aws deploy list-deployments --application-name "$application" \
  --deployment-group-name "$group" --include-only-statuses Succeeded \
  --query deployments --output text)
previous=
for deployment in $deployments; do
  # Those that Auto Scaling or a rollback began are in the list too, and name no image;
  # infra/release.sh writes it into the description.
  IFS=$'\t' read -r creator description < <(aws deploy get-deployment --deployment-id "$deployment" \
    --query 'deploymentInfo.[creator,description]' --output text)
  [[ $creator == user ]] || continue
  if [[ $description == *@sha256:* ]]; then
    previous=$description
  else
    echo "$deployment, the newest release, names no image by digest: '$description'." >&2
  fi
  break
done
echo "previous=$previous" >>"$GITHUB_OUTPUT"
