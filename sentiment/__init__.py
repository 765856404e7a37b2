"""How people feel about a YouTube video, with numbers you can trust."""

__version__ = "0.1.0"
