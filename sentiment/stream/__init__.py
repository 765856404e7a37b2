"""The live stream: watched videos are polled, their comments queued, scored and kept.

Service side: imports no training library. boto3 is imported in `sqs` alone, and only where a
queue of Amazon's is named.
"""
