"""From a checkpoint to something that can be served: export, bundle, registry."""
