#!/bin/bash
# Writes the containers' environment from Secrets Manager: into memory, for root alone.
set -euo pipefail
umask 077
mkdir -p /run/sentiment

secret() {
  aws secretsmanager get-secret-value --region '@REGION@' --secret-id "$1" \
    --query SecretString --output text
}

partial=$(mktemp /run/sentiment/environment.XXXXXX)
trap 'rm -f "$partial"' EXIT
{
  cat /etc/sentiment/environment
  secret '@DATABASE_SECRET@' | jq -r '"SENTIMENT_STORE_URL=postgresql://\(.username | @uri):\(.password | @uri)@\(.host):\(.port)/\(.dbname)?sslmode=require"'
  printf 'YOUTUBE_API_KEY=%s\n' "$(secret '@YOUTUBE_SECRET@')"
  printf 'SENTIMENT_API_TOKEN=%s\n' "$(secret '@API_TOKEN_SECRET@')"
  printf 'SENTIMENT_ADMIN_TOKEN=%s\n' "$(secret '@ADMIN_TOKEN_SECRET@')"
} >"$partial"
mv "$partial" /run/sentiment/environment
