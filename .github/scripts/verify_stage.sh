#!/usr/bin/env bash
# Asks a stage from outside whether it answers: .github/scripts/verify_stage.sh STAGE [MODEL_DIGEST]
set -euo pipefail
stage=${1:?name the stage} digest=${2:-}
address=$(aws cloudformation describe-stacks --stack-name "Sentiment-${stage^}-Edge" \
  --query "Stacks[0].Outputs[?OutputKey=='Address'].OutputValue" --output text)
python3 "$(dirname "$0")/smoke_test.py" "$address" "$digest"
