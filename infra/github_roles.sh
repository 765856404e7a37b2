#!/bin/bash
# Makes the roles that the workflow `deploy` takes: infra/github_roles.sh STAGE OWNER/REPOSITORY
#
# To be run by an administrator of the stage's account once its stacks are there. Prints what to
# set as variables of GitHub's environments. Run again, it changes the roles to what is here.
set -euo pipefail
if (($# != 2)); then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
stage=$1 repository=$2
# As long as the job may ask for: `role-duration-seconds` of .github/workflows/deploy_stage.yml.
session_s=10800
issuer=token.actions.githubusercontent.com
account=$(aws sts get-caller-identity --query Account --output text)
region=${AWS_REGION:?name the region}
bucket=$(aws cloudformation describe-stacks --stack-name "Sentiment-${stage^}-Service" \
  --query "Stacks[0].Outputs[?OutputKey=='RevisionBucket'].OutputValue" --output text)
if [[ -z $bucket || $bucket == None ]]; then
  echo "Sentiment-${stage^}-Service names no bucket: deploy it first." >&2
  exit 1
fi

# One for the account; it may be there already.
provider=arn:aws:iam::$account:oidc-provider/$issuer
aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" >/dev/null 2>&1 ||
  aws iam create-open-id-connect-provider --url "https://$issuer" \
    --client-id-list sts.amazonaws.com >/dev/null

# Makes or changes the role of one environment: role NAME ENVIRONMENT STATEMENTS
role() {
  local trust
  trust=$(
    cat <<END
{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow",
  "Principal": {"Federated": "$provider"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {
    "$issuer:aud": "sts.amazonaws.com",
    "$issuer:sub": "repo:$repository:environment:$2"
  }}
}]}
END
  )
  if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
    aws iam update-role --role-name "$1" --max-session-duration "$session_s" >/dev/null
    aws iam update-assume-role-policy --role-name "$1" --policy-document "$trust"
  else
    aws iam create-role --role-name "$1" --max-session-duration "$session_s" \
      --assume-role-policy-document "$trust" >/dev/null
  fi
  aws iam put-role-policy --role-name "$1" --policy-name work \
    --policy-document "{\"Version\": \"2012-10-17\", \"Statement\": [$3]}"
  echo "$2: arn:aws:iam::$account:role/$1"
}

# The CDK's command takes roles that `bootstrap` made; the one that CloudFormation then works with
# is an administrator of the account, unless the bootstrap said otherwise.
deploy=$(
  cat <<END
{"Effect": "Allow", "Action": "sts:AssumeRole",
 "Resource": "arn:aws:iam::$account:role/cdk-*-$account-$region"},
{"Effect": "Allow", "Action": "cloudformation:DescribeStacks",
 "Resource": "arn:aws:cloudformation:$region:$account:stack/Sentiment-${stage^}-*"},
{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
{"Effect": "Allow", "Action": [
   "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
   "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage",
   "ecr:UploadLayerPart"],
 "Resource": "arn:aws:ecr:$region:$account:repository/sentiment-$stage/serving"},
{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::$bucket/releases/*"},
{"Effect": "Allow", "Action": [
   "codedeploy:BatchGetDeploymentTargets", "codedeploy:CreateDeployment",
   "codedeploy:GetApplicationRevision", "codedeploy:GetDeployment",
   "codedeploy:GetDeploymentConfig", "codedeploy:ListDeploymentTargets",
   "codedeploy:ListDeployments", "codedeploy:RegisterApplicationRevision",
   "codedeploy:StopDeployment"],
 "Resource": [
   "arn:aws:codedeploy:$region:$account:application:sentiment-$stage",
   "arn:aws:codedeploy:$region:$account:deploymentgroup:sentiment-$stage/*",
   "arn:aws:codedeploy:$region:$account:deploymentconfig:*"]}
END
)
role "sentiment-$stage-deploy" "$stage" "$deploy"

# Shown before a person approves, so this one only reads.
if [[ $stage == production ]]; then
  role "sentiment-$stage-diff" "$stage-diff" "{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\",
 \"Resource\": \"arn:aws:iam::$account:role/cdk-*-lookup-role-$account-$region\"}"
fi
