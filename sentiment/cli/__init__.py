"""The commands: one module each, arguments only; what they do is elsewhere."""
