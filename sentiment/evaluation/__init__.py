"""How good a model is, how sure of that we are, and whether it may replace the one in use."""
