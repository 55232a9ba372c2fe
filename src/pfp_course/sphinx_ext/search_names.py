"""The names of states in several languages, so that a search in one finds what stands in another.

English names and their other forms come from the table of countries, the others from Unicode's
CLDR, in the languages of the glossary.
"""

from babel import Locale

from pfp_course.course import Course
from pfp_course.data import package

__all__ = ["groups"]

_TABLE, _GLOSSARY = "countries", "glossary"
_OWN = "en"


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(";")] if names else []


def groups(course: Course, text: str) -> list[list[str]]:
    """Return for each state that a text names its names, the first as the course writes it.

    Parameters
    ----------
    course : Course
        The course, whose table of countries is asked; without one there are no names.
    text : str
        All that can be found.
    """
    tables = package(course).tables
    if _TABLE not in tables:
        return []
    columns = [field.name for field in tables[_GLOSSARY].fields] if _GLOSSARY in tables else []
    languages = [Locale.parse(code).territories for code in columns if len(code) == 2]
    codes = {name: code for code, name in Locale.parse(_OWN).territories.items()}
    found = []
    for row in tables[_TABLE].rows():
        own = [row["name"], *_listed(row["other_names"])]
        if not any(one in text for one in own):
            continue
        code = next((codes[one] for one in own if one in codes), "")
        foreign = [territories[code] for territories in languages if code in territories]
        found.append(list(dict.fromkeys([*own, *foreign])))
    return found
