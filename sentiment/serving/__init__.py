"""What stands between the predictor and HTTP: wire shapes, analysis, problems, guard, pages."""
