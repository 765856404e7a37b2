"""Files of any size to predictions: cut into parts, scored by Dask's workers, resumed after a kill.

`plan` cuts the inputs, `work` scores one part, `cluster` runs the parts, `run` ties them together.
"""
