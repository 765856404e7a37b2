#!/bin/bash
# The command line of the image that runs here, with the service's own environment; for root.
exec docker exec --interactive sentiment-serve python -m sentiment.cli.main "$@"
