"""Programs that run inside the images; each is one file and imports nothing of this project."""
