"""A quiz in its hosts: the widget, the page, the plain text."""

import gc
import gzip
import json
import re
import weakref
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from courses import COURSE, answered

from pfp_course.questions import frontend, read_bank
from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.spec import as_page, as_text, public

BANK = read_bank(Path(__file__).with_name("sample.yml"), COURSE)


@pytest.fixture
def spec() -> dict[str, Any]:
    questions = [public(question) for question in BANK.questions]
    return {"id": "99", "title": "A quiz", "course": "0", "seed": "", "questions": questions}


def sent(question: dict[str, Any], response: Any) -> dict[str, Any]:
    return answered(question["fingerprint"], response, score=99, points=99)


def test_the_widget_keeps_answers_beside_the_notebook_and_has_them_back(
    spec: dict[str, Any], tmp_path: Path
) -> None:
    from pfp_course.questions.widget import QuizWidget

    first = spec["questions"][0]
    widget = QuizWidget(spec, Store(tmp_path))
    widget.answers = {first["id"]: sent(first, 0)}
    kept = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert kept["answers"][first["id"]]["score"] == 1
    again = QuizWidget(spec, Store(tmp_path))
    assert again.answers[first["id"]]["response"] == 0


def test_the_widget_tells_that_answers_are_not_kept(
    spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pfp_course.questions.widget import QuizWidget

    def refuse(*args: Any, **options: Any) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    first = spec["questions"][0]
    widget = QuizWidget(spec, Store(tmp_path))
    widget.answers = {first["id"]: sent(first, 0)}
    assert "Read-only file system" in widget.notice


def test_the_plain_text_can_be_read(spec: dict[str, Any], tmp_path: Path) -> None:
    from pfp_course.questions.widget import QuizWidget

    text = as_text(spec)
    assert "1. Which state signed first? Look at signed. [1 point]\n   ( ) " in text
    assert "   ( ) Romania\n" in text
    assert "________ states" in text
    bundle = QuizWidget(spec, Store(tmp_path))._repr_mimebundle_()[0]
    assert bundle["text/plain"] == text
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_cell_that_runs_again_closes_what_it_had_made(
    spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pfp_course.questions import widget

    message: dict[str, Any] = {}
    monkeypatch.setattr(widget, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: message))
    store = Store(tmp_path)

    def run(cell: str, number: str) -> list[widget.QuizWidget]:
        message.update(metadata={"cellId": cell}, header={"msg_id": number})
        return [widget.QuizWidget(spec, store) for _ in range(2)]

    other = run("a", "1")
    gone = [weakref.ref(one) for one in run("b", "2")]
    again = run("b", "3")
    gc.collect()
    assert [one() for one in gone] == [None, None]
    assert len(store.listeners) == len([*other, *again])
    # They hear of the record as before.
    other[0].answers = {spec["questions"][0]["id"]: sent(spec["questions"][0], 0)}
    assert [one.saved for one in (*other, *again)] == [0, 0, 0, 0]


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.data.append(data)


def test_the_page_holds_the_questions_and_no_markup_of_an_author(spec: dict[str, Any]) -> None:
    html = as_page(spec)
    page = Page(html)
    known = {"div", "script", "ol", "ul", "li", "p", "small", "em", "code", "span"}
    assert set(page.tags) == known
    assert page.tags.count("script") == 1
    assert '<img src=x onerror="window.hacked=1">' in "".join(page.data[1:])
    data = re.search(r'quiz-data">(.*?)</script>', html)
    assert data is not None
    assert json.loads(data[1]) == spec
    assert "\n\n" not in html


def test_the_front_end_is_small_and_whole() -> None:
    pages = (frontend.page_script(), frontend.personal_script())
    for text in (frontend.widget_module(), *pages):
        assert not re.search(r"^import ", text, re.MULTILINE)
        assert "innerHTML" not in text
    # The page keeps drafts, merges records and writes receipts, which a notebook's kernel does.
    assert len(gzip.compress(frontend.widget_module().encode())) < 25_000
    for text in pages:
        assert len(gzip.compress(text.encode())) < 27_000
        assert "fetch(" not in text
    assert frontend.stylesheet() in frontend.widget_stylesheet()


def test_every_kind_has_its_front_end_and_every_module_is_used() -> None:
    folder = Path(frontend.__file__).parent
    texts = frontend.page_script() + frontend.personal_script() + frontend.widget_module()
    for path in folder.rglob("*.js"):
        names = re.findall(r"^export (?:async )?(?:function|const) (\w+)", path.read_text(), re.M)
        assert names, path
        assert all(re.search(rf"(?:function|const) {name}\b", texts) for name in names), path


def test_a_style_sheet_loses_its_comments_and_no_space_that_says_something() -> None:
    sheet = """/* It's a comment, with an apostrophe. */
    a:is(b, c) > d :hover { content: "x:  {y} ; z"; --i: url("data:a b, c"); }
    @media (max-width: 30rem) { e { width: calc(1px + 2px) } }"""
    assert frontend.short(sheet) == (
        'a:is(b,c) > d :hover{content:"x:  {y} ; z";--i:url("data:a b, c");}'
        "@media (max-width:30rem){e{width:calc(1px + 2px)}}"
    )


def test_what_joins_modules_puts_each_once_after_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "low.js").write_text("// Words.\nexport const low = 1; // one\n")
    (tmp_path / "kinds" / "mid.js").write_text(
        'import { low } from "../low.js";\n\n/**\n * @param {number} a\n */\n'
        "export function mid(a) {\n  return /** @type {number} */ (a) + low;\n}\n"
    )
    (tmp_path / "top.js").write_text(
        'import {\n  mid,\n} from "./kinds/mid.js";\nimport { low } from "./low.js";\nmid(low);\n'
    )
    joined = frontend.joined(tmp_path / "top.js")
    assert joined == "const low = 1;\nfunction mid(a) {\nreturn (a) + low;\n}\nmid(low);\n"


def test_review_is_kept_beside_the_notebook_and_damage_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pfp_course import review
    from pfp_course.questions.widget import QuizWidget

    monkeypatch.chdir(tmp_path)
    widget = review()
    assert isinstance(widget, QuizWidget)
    assert {card["term"] for card in widget.spec["cards"]} >= {"Partnership for Peace (PfP)"}
    moments = {"due": "2026-01-04T00:00:00.000Z", "at": "2026-01-01T00:00:00.000Z"}
    state = {"stage": 1, "revision": 1, **moments}
    widget.reviews = {"01.row": state, "01.nacc": {"stage": "many"}}
    kept = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert kept["reviews"] == {"01.row": state}
    assert QuizWidget(widget.spec, Store(tmp_path)).reviews == {"01.row": state}
    assert repr(widget).startswith("Review:")


def test_on_a_page_the_review_waits_for_its_script(monkeypatch: pytest.MonkeyPatch) -> None:
    from pfp_course import review

    monkeypatch.setattr("pfp_course.course._static", True)
    assert "This page needs scripts" in review()._repr_html_()


def test_a_bank_of_ones_own_is_asked_by_its_file(tmp_path: Path) -> None:
    from pfp_course.questions import BankError, quiz_spec

    sample = Path(__file__).with_name("sample.yml")
    asked = quiz_spec(str(sample), COURSE, "a seed")["questions"]
    assert [one["id"] for one in asked] == [one.id for one in read_bank(sample, COURSE).questions]
    with pytest.raises(BankError, match=r"none\.yml"):
        quiz_spec(str(tmp_path / "none.yml"), COURSE)
