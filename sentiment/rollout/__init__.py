"""A new model beside the one in use: who gets which, and when that has gone well or badly.

Pure, and light enough for the service: `plan` is what a service shall run, `arms` who gets which
model, `sequences` and `verdict` what may be concluded from the counts so far.
"""
