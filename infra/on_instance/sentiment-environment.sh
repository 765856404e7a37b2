#!/bin/bash
# Writes the containers' environment from Secrets Manager: into memory, for root alone.
set -euo pipefail
umask 077
mkdir -p /run/sentiment

secret() {
  local value
  # `|| return`: within `$(…)` a failure ends nothing by itself.
  value=$(aws secretsmanager get-secret-value --region '@REGION@' --secret-id "$1" \
    --query SecretString --output text) || return
  if [[ -z $value || $value == None ]]; then
    echo "The secret $1 holds nothing." >&2
    return 1
  fi
  printf '%s\n' "$value"
}

# The value that is to follow, for which the label AWSPENDING stands; nothing where none is to.
pending() {
  local problem
  problem=$(mktemp)
  aws secretsmanager get-secret-value --region '@REGION@' --secret-id "$1" \
    --version-stage AWSPENDING --query SecretString --output text 2>"$problem" ||
    grep -q ResourceNotFoundException "$problem" || {
    cat "$problem" >&2
    return 1
  }
}

# Assigned before anything is written: a `$(…)` that fails within the arguments of a command is
# passed over, and a service without its token lets everybody in.
database=$(secret '@DATABASE_SECRET@')
youtube_key=$(secret '@YOUTUBE_SECRET@')
api_token=$(secret '@API_TOKEN_SECRET@')
api_token_also=$(pending '@API_TOKEN_SECRET@')
admin_token=$(secret '@ADMIN_TOKEN_SECRET@')
store_url=$(jq -r '"postgresql://\(.username | @uri):\(.password | @uri)@\(.host):\(.port)/\(.dbname)?sslmode=require"' <<<"$database")

partial=$(mktemp /run/sentiment/environment.XXXXXX)
trap 'rm -f "$partial"' EXIT
{
  cat /etc/sentiment/environment
  printf 'SENTIMENT_STORE_URL=%s\n' "$store_url"
  printf 'YOUTUBE_API_KEY=%s\n' "$youtube_key"
  printf 'SENTIMENT_API_TOKEN=%s\n' "$api_token"
  printf 'SENTIMENT_API_TOKEN_ALSO=%s\n' "$api_token_also"
  printf 'SENTIMENT_ADMIN_TOKEN=%s\n' "$admin_token"
} >"$partial"
mv "$partial" /run/sentiment/environment
