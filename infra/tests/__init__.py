"""Tests of the stacks and of what runs in them."""
