"""From corrections to a challenger: when to retrain, the steps of it, and one page about it.

Stops at the gate and the registry: what becomes of a challenger is `sentiment release`'s.
"""
