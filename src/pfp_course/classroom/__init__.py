"""The classroom: chapters are assigned, answers handed in, marked and looked at as a group."""
