"""Code that must be run: assignments for nbgrader, and a sandbox in which they are graded."""
