"""The course that the tests ask, where they do not make one of their own."""

from environment import ROOT

from pfp_course.course import read_course

__all__ = ["COURSE"]

COURSE = read_course(ROOT)
