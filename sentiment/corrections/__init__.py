"""Corrections made in the panel, turned into a corpus to train on."""
