"""Models side by side on the same folds: measured, tested against each other, one chosen."""
