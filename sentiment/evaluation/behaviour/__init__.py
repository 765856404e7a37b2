"""Behaviour tests: what a model must do with sentences made for the purpose.

After CheckList (Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList"). The sentences are our own, filled from templates by a seed, and must never be
trained on.
"""
