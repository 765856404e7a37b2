"""How fast the predictor and the service are beside Hugging Face's pipeline, in one run."""
