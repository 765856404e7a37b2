#!/usr/bin/env bash
# The stacks of a stage: .github/scripts/infra.sh diff|deploy STAGE
# `diff` also goes to the job's summary. The CDK command comes from npm in a fixed version.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?diff or deploy} stage=${2:?name the stage}
cdk=(npx --yes aws-cdk@2.1148.1)

case $what in
  diff)
    {
      echo "### Stacks of $stage: what would change"
      echo '```'
      # `template`: with the role that reads; a change set would take the one that deploys.
      "${cdk[@]}" diff --all --method=template --no-color --context "stage=$stage" 2>&1
      echo '```'
    } | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
    ;;
  deploy)
    # The difference was shown, and production was approved, before.
    "${cdk[@]}" deploy --all --no-color --context "stage=$stage" --require-approval never \
      --outputs-file "outputs-$stage.json"
    ;;
  *)
    echo "diff or deploy, not $what" >&2
    exit 2
    ;;
esac
