"""Who loads the server in ``benchmarks.load``: people with browsers, and programs."""
