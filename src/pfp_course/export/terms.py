"""How a course may be used, as an edition says it."""

from pfp_course.course import Course

__all__ = ["terms_of_use"]


def terms_of_use(course: Course) -> str:
    """Return under which licences a course and its code may be used, in a sentence each."""
    licence = course.licence.replace("-", " ")
    code = f" Code: {course.code_licence}." if course.code_licence else ""
    return f"Text, figures and own data: {licence}.{code}"
