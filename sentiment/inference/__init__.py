"""Texts to predictions. Imports no training library: this is what the service runs on."""
