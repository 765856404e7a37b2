"""The whole loop, played through on one machine without a human: `sentiment rehearse`.

Real processes, real commands, real HTTP; made-up viewers, whose comments have a known truth. It
proves that the parts fit. Its accuracies say nothing about real comments.
"""
