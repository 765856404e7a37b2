"""YouTube: the Data API's client and a stand-in of that API for demo, tests and load.

Imports no training library; `googleapiclient` is imported in `sentiment.youtube.data_api` alone.
"""
