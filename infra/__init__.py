"""The AWS account as code: stacks of the AWS CDK. Imports nothing of `sentiment`."""
