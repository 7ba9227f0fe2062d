"""What several pages share: ``session`` (the front door, one per process) and parts (a model in, elements out)."""
