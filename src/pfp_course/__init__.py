"""Partnership for Peace: a course in notebooks."""
