"""What turns README, docs/ and the code into one site (`make docs`), and checks it.

Imports of `sentiment` only what needs no library of training or serving: its own small
environment (`requirements/docs.lock`) holds none.
"""
