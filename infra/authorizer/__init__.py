"""The function of the authorizer; `index.py` alone travels."""
