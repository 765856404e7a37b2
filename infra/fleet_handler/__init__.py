"""The function of the custom resource; `index.py` alone travels."""
