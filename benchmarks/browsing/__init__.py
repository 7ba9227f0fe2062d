"""Pages as a person meets them: servers to visit, a filled database, and what to wait for in chromium."""
