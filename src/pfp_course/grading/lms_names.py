"""What Moodle and Canvas call things: the files that they pack, and the columns of their tables.

Moodle (``mod/assign/classes/downloader.php``) names a folder, or a file, after the student:
``Aigerim Bekova_12345_assignsubmission_file_/receipt.json``. It writes no ``_`` into the name, so
that the first one ends it, whatever stands in the name of the student's file. The number is that
of its grading worksheet, ``Participant 12345``. Canvas (``lib/content_zipper.rb``) names a file:
``bekovaaigerim_LATE_12345_67890_receipt-1.json``, where the first number is the student.

The columns of a list of students are known in the languages of Moodle and of teachers. The names
are those of Moodle's language packs (``assign.php``, ``moodle.php``), of Canvas's gradebook, which
are never translated, and of lists that a dean's office writes.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pfp_course.questions.seeds import normal

__all__ = [
    *("Owner", "Role", "canvas_forms", "folded", "identity", "is_blind", "known_heads", "loose"),
    *("owner_index", "owner_of", "roles", "same_letters", "squeezed", "tidy"),
]

_MOODLE = re.compile(r"^(?P<name>[^_]+)_(?P<number>[0-9]{1,15})_assignsubmission_[a-z]+(?:_|$)")
# Numbers of Canvas begin with no 0, and those of a date do.
_CANVAS = re.compile(
    r"_(?:(?P<late>LATE)_)?(?P<number>[1-9][0-9]{0,17})_(?P<file>[1-9][0-9]{0,17})_(?=.)"
)
_CANVAS_BLIND = re.compile(r"^(?:(?P<late>LATE)_)?(?P<number>anon_[A-Za-z0-9]{1,20})_[0-9]{1,18}_.")
# A day in a file's name: 2027_2_14 or 14_2_2027, which is no number of an account.
_DAY = re.compile(
    r"^(?:(?:19|20)[0-9]{2}_[0-9]{1,2}_[0-9]{1,2}|[0-9]{1,2}_[0-9]{1,2}_(?:19|20)[0-9]{2})(?![0-9])"
)
# What Moodle calls a student who is marked blindly, as it writes it into the name of a file.
_BLIND = frozenset(
    (
        *("participant", "участник", "teilnehmer", "teilnehmerin", "teilnehmer in", "participante"),
        *("teilnehmende", "participant(e)", "қатысушы", "учасник", "partecipante"),
    )
)
# Letters that are drawn as nothing: fillers of Hangul, a pattern of Braille without a dot.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Joiners are part of the spelling of some languages; nothing else that is invisible is.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Owner:
    """The account that handed a file in: its name as the system writes it, and its number.

    ``file`` is the number that Canvas gave the file itself.
    """

    system: Literal["moodle", "canvas"]
    name: str
    number: str
    late: bool = False
    file: str = field(default="", compare=False)


def owner_of(parts: Sequence[str]) -> Owner | None:
    """Return whose file it is by the folders and the file of its path, or None.

    The outermost name counts: what lies in it may have been named by a student.
    """
    return next((owner for part in parts if (owner := _owner(part))), None)


def owner_index(parts: Sequence[str]) -> int | None:
    """Return which part of a path names the account, or None."""
    return next((index for index, part in enumerate(parts) if _owner(part)), None)


def _owner(part: str) -> Owner | None:
    if found := _MOODLE.match(part):
        return Owner("moodle", found["name"], found["number"])
    if found := _CANVAS_BLIND.match(part):
        return Owner("canvas", "", found["number"], found["late"] is not None)
    return next(canvas_forms(part), None)


def canvas_forms(part: str) -> Iterator[Owner]:
    """Yield all ways in which a name can be read as one that Canvas wrote.

    A student may have named the file, or even the account, so that there are several.
    """
    start = 0
    while found := _CANVAS.search(part, start):
        name = part[: found.start()]
        is_day = _DAY.match(part[found.start("number") :]) is not None
        start = found.end() - 1 if is_day else found.start() + 1
        if re.fullmatch(r"\w+", name) and not is_day and not name.endswith("_LATE"):
            yield Owner("canvas", name, found["number"], found["late"] is not None, found["file"])


def is_blind(name: str) -> bool:
    """Tell whether Moodle hides a student behind this word."""
    return identity(name) in _BLIND


def tidy(text: str, longest: int = 200) -> str:
    """Return a text on one line, without characters that are not seen or that turn the line.

    Letters of every script stay, so that a name remains a name.
    """
    part = text[: 4 * longest]
    # What can be printed holds nothing unseen; this is nearly every text.
    plain = part.isprintable() and _BLANKS.isdisjoint(part)
    seen = part if plain else "".join(map(_seen, part))
    line = " ".join(seen.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    unseen = category in ("Cf", "Cs", "Co") and character not in _JOINERS
    return "" if unseen or character in _BLANKS else character


def identity(name: str) -> str:
    """Return a name as it is compared: without case, needless spaces and unseen characters."""
    return normal("".join(one for one in tidy(name, 400) if one not in _JOINERS))


_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc\u02b9\u02bb\u00b4`\u2032\u201b\uff07\u055a", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\ufe63\uff0d", "-"),
        "ё": "е",
        "ı": "i",
        "ß": "ss",
        **dict.fromkeys("\u0307\ufe0e\ufe0f"),
    }
)


def folded(name: str) -> str:
    """Return a name in which spellings of one name are the same.

    ё is е, all apostrophes and all hyphens are one, and i is i with and without its dot.
    """
    return re.sub(r" ?([-']) ?", r"\1", identity(name).translate(_SAME))


def loose(name: str) -> str:
    """Return the letters of a name without their marks, for finding names that are alike."""
    # Marks that are a letter of their own are as good as lost when a keyboard lacks them.
    marks = (
        one for one in unicodedata.normalize("NFD", folded(name)) if not unicodedata.combining(one)
    )
    text = "".join(marks).translate(_LATIN)
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэіғқңөұүһә", "abvgdeziiklmnoprstufhyeigknouuha", strict=True))
    | dict(zip("жцчшщюяьъ", ("zh", "ts", "ch", "sh", "sch", "yu", "ya", "", ""), strict=True))
)


def squeezed(name: str) -> str:
    """Return a name as Canvas squeezes it into a file's name: its letters and digits alone."""
    return re.sub(r"[\W_]+", "", identity(name))


def same_letters(first: str, second: str) -> bool:
    """Tell whether two names have the same words, in any order and however they are joined."""
    return bool(first) and sorted(squeezed(folded(first))) == sorted(squeezed(folded(second)))


_OfName: TypeAlias = Literal["name", "first", "last", "middle", "also"]
_OfStudent: TypeAlias = Literal["number", "canvas", "moodle", "login", "email", "section", "due"]
_OfGrade: TypeAlias = Literal["grade", "modified", "feedback", "most"]
Role: TypeAlias = _OfName | _OfStudent | _OfGrade

# English, Russian, Kazakh, German, French, Spanish; a name stands once.
_NAMES: dict[Role, str] = {
    "name": "name|full name|student|student name|user full name|"
    "фио|ф.и.о.|ф. и. о.|фио студента|полное имя|полное имя пользователя|студент|имя и фамилия|"
    "фамилия и имя|фамилия имя|фамилия, имя|фамилия имя отчество|фамилия, имя, отчество|учащийся|"
    "обучающийся|слушатель|пользователь|"
    "аты-жөні|аты жөні|толық аты|толық аты-жөні|т.а.ә.|студенттің аты-жөні|тегі, аты|тегі аты|"
    "vollständiger name|name, vorname|nachname, vorname|teilnehmer/in|studierende|studierende/r|"
    "nom complet|nom et prénom|nom, prénom|étudiant|étudiante|nom complet de l'utilisateur|"
    "nombre completo|nombre completo del usuario|apellidos y nombre|apellidos, nombre|"
    "nombre y apellidos|estudiante|alumno|alumna",
    "first": "first name|firstname|given name|given names|аты|vorname|prénom|prénoms|nombre(s)",
    "last": "last name|lastname|surname|family name|фамилия|тегі|nachname|familienname|"
    "nom de famille|apellido(s)|apellido|apellidos",
    "middle": "middle name|отчество|отчество или второе имя|әкесінің аты|mittlerer name|"
    "second prénom|nombre intermedio",
    "number": "student id|id number|sis user id|number|student number|student no|student no.|"
    "номер зачетки|№ зачетки|номер зачетной книжки|номер зачетной книжки студента|зачетка|иин|"
    "индивидуальный номер|идентификационный номер|номер студента|студенческий билет|"
    "студ. билет|зачетная книжка|№ зачетной книжки|№ студенческого билета|"
    "номер студенческого билета|табельный номер|id студента|"
    "жекеше нөмір|жеке нөмір|жсн|сынақ кітапшасының нөмірі|студент нөмірі|"
    "id-nummer|matrikelnummer|matrikelnr|matrikelnr.|matrikel-nr.|martikelnummer|"
    "numéro d'identification|numéro d'étudiant|numéro étudiant|n° étudiant|matricule|"
    "número de id|número id|matrícula|número de matrícula|número de identificación|dni|nia",
    "canvas": "canvas id",
    "moodle": "participant",
    "login": "login|username|sis login id|логин|имя пользователя|пайдаланушы аты|anmeldename|"
    "benutzername|nom d'utilisateur|nombre de usuario|usuario",
    "email": "email|e-mail|email address|mail|адрес электронной почты|электронная почта|эл. почта|"
    "эл.почта|электронный адрес|почта|электрондық пошта|электрондық пошта мекенжайы|эл. пошта|"
    "пошта|e-mail-adresse|mailadresse|adresse de courriel|courriel|adresse e-mail|adresse mail|"
    "adresse électronique|dirección de correo|dirección de correo electrónico|correo electrónico|"
    "correo|dirección email",
    "section": "section|group|groups|class|группа|группы|учебная группа|класс|поток|топ|топтар|"
    "тобы|gruppe|gruppen|klasse|kurs|groupe|groupes|classe|grupo|grupos|clase|sección",
    "also": "also|also known as|alternate name",
    "due": "due|extension",
    "grade": "grade|оценка|баға|bewertung|note|calificación",
    "modified": "last modified (grade)|последнее изменение (оценка)|соңғы өзгеріс (баға)|"
    "zuletzt geändert (bewertung)|dernière modification (note)|última modificación (calificación)",
    "feedback": "feedback comments|отзыв в виде комментария|отзыв в виде комментариев|"
    "feedback als kommentar|feedback par commentaires|feedback per comments|"
    "comentarios de retroalimentación",
    "most": "maximum grade|максимальная оценка|максималды баға|bestwertung|maximale bewertung|"
    "beste bewertung|note maximale|calificación máxima|calif. máxima",
}
# Words that are another column's name in other company.
_RECORD = ("identifier", "идентификатор", "id", "identifiant", "identificador")
_FIRST_IF_LAST = ("имя", "name", "nom", "nombre")
_ROLES: dict[str, Role] = {
    name: role for role, names in _NAMES.items() for name in names.split("|")
}


def _plain(head: str) -> str:
    """Return the name of a column as it is compared."""
    text = identity(head).replace("\u2019", "'").replace("ё", "е")
    return text.strip(" *:\"'") or text


def known_heads(heads: Sequence[str]) -> int:
    """Return how many of these are names of columns that are known."""
    names = {_plain(head) for head in heads}
    return sum(name in _ROLES or name in (*_RECORD, *_FIRST_IF_LAST) for name in names)


def roles(heads: Sequence[str]) -> dict[Role, int]:
    """Return which column holds what, by the names of the columns."""
    names = [_plain(head) for head in heads]
    found: dict[Role, int] = {}
    for index, name in enumerate(names):
        if name in _ROLES:
            found.setdefault(_ROLES[name], index)
    # Moodle's worksheet begins with the number of its own; Canvas's ID is that of an account.
    record = next((index for index, name in enumerate(names) if name in _RECORD), None)
    if record is not None:
        if "modified" in found or names[record] == "identifier":
            found["moodle"] = record
        elif names[record] == "id" and _of_canvas(names):
            found["canvas"] = record
        else:
            found.setdefault("number", record)
    _name_parts(names, found)
    return found


def _of_canvas(names: Sequence[str]) -> bool:
    return names[:2] == ["student", "id"] or names[:3] == ["lastname", "firstname", "id"]


def _name_parts(names: Sequence[str], found: dict[Role, int]) -> None:
    """Tell a name from a part of it: ``Имя`` beside ``Фамилия`` is the given name."""
    for index, name in enumerate(names):
        if name not in _FIRST_IF_LAST:
            continue
        if "last" in found and name != "nom":
            found.setdefault("first", index)
        elif "first" in found:
            found.setdefault("last", index)
        else:
            found.setdefault("name", index)
    if found.get("name") in (found.get("first"), found.get("last")):
        found.pop("name", None)
