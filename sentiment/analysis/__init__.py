"""What the comments of a video say together: pure functions of comments and predictions."""
