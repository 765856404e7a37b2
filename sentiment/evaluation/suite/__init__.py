"""The evaluation suite: every set, behaviour, calibration and slice of one bundle, in one run."""
