"""A candidate beside the champion: who labels what, what is counted, and when it is withdrawn.

Nothing here may cost an answer: a candidate that fails is replaced by the champion at once, its
shadow works in the pauses, and counts that can't be written are lost.
"""
