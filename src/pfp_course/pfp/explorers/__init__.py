"""The explorers of this course: a module of Python beside one of JavaScript for each."""
