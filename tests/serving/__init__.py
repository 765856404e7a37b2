"""Tests of the service and of what it is made of."""
