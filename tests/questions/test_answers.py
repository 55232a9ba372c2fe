"""What stays of two states of one answer: the one changed more often, whatever the clocks say."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.questions import read_bank
from pfp_course.questions.kinds import form_of
from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.record_model import Answer, Draft, Record, newer
from pfp_course.questions.spec import public
from pfp_course.questions.student_progress import once_counted
from pfp_course.questions.widget import QuizWidget

SAMPLE = Path(__file__).with_name("sample.yml")
DAYS = [f"20{year}-01-01T00:00:00.000Z" for year in ("16", "26", "36")]

answers = st.builds(
    Answer,
    fingerprint=st.just("f"),
    response=st.integers(0, 3),
    revision=st.integers(0, 3),
    at=st.sampled_from(DAYS),
)
records = st.dictionaries(st.sampled_from(["02.a", "02.b"]), answers)
drafts = st.dictionaries(
    st.sampled_from(["02.a", "02.b"]),
    st.builds(
        Draft,
        fingerprint=st.just("f"),
        response=st.one_of(st.none(), st.text(max_size=3)),
        base=st.integers(0, 3),
        count=st.integers(0, 3),
        at=st.sampled_from(DAYS),
    ),
)


def order(answer: Answer) -> tuple[int, str]:
    return answer.revision, answer.at


@given(records, records)
def test_a_merge_keeps_the_higher_revision_in_whatever_order_it_is_made(
    one: dict[str, Answer], other: dict[str, Answer]
) -> None:
    there, back = newer(one, other), newer(other, one)
    assert {n: order(a) for n, a in there.items()} == {n: order(a) for n, a in back.items()}
    for name in there:
        both = [record[name] for record in (one, other) if name in record]
        assert there[name].revision == max(answer.revision for answer in both)
    assert newer(there, there) == there


@given(records, drafts, drafts)
def test_a_draft_ends_with_a_newer_answer_and_never_before(
    kept: dict[str, Answer], one: dict[str, Draft], other: dict[str, Draft]
) -> None:
    record = Record.empty().merged(kept, {}, one).merged({}, {}, other)
    together = newer(one, other)
    for name, draft in together.items():
        over = name in kept and kept[name].revision > draft.base
        assert (name in record.drafts) == (not over)
    assert record.answers == kept


def test_an_old_record_is_read_and_a_new_answer_replaces_what_a_fast_clock_wrote(
    tmp_path: Path,
) -> None:
    spec = public(read_bank(SAMPLE, COURSE).questions[0])
    old = {"fingerprint": spec["fingerprint"], "response": 1, "attempts": 1, "at": DAYS[2]}
    record = {"format": "pfp-course/progress", "version": 1, "answers": {spec["id"]: old}}
    (tmp_path / FILE_NAME).write_text(json.dumps(record))
    quiz = {"id": "x", "title": "X", "seed": "", "questions": [spec]}
    widget = QuizWidget(quiz, Store(tmp_path))
    assert widget.answers[spec["id"]]["response"] == 1
    # The front end counts on; one that does not is counted for.
    for revision in (1, 0):
        sent = {**old, "response": 0, "attempts": 2, "revision": revision, "at": DAYS[0]}
        widget.answers = {spec["id"]: sent}
        kept = Store(tmp_path).answers()[spec["id"]]
        assert (kept.response, kept.at) == (0, DAYS[0])
        assert kept.revision >= 1
        assert widget.saved == widget.received
        widget.answers = {}


def test_every_act_in_two_stale_notebooks_is_kept_and_confirmed(tmp_path: Path) -> None:
    spec = public(read_bank(SAMPLE, COURSE).questions[0])
    quiz = {"id": "x", "title": "X", "seed": "", "questions": [spec]}
    widgets = [QuizWidget(quiz, Store(tmp_path)) for _ in range(2)]
    revisions = [0, 0]
    for number, place in enumerate(itertools.chain(*[(0, 0, 1)] * 3)):
        revisions[place] += 1
        sent = {
            "fingerprint": spec["fingerprint"],
            "response": number % len(spec["choices"]),
            "attempts": revisions[place],
            "revision": revisions[place],
            "at": DAYS[number % 3],
        }
        with widgets[place].hold_trait_notifications():  # as one message
            widgets[place].sent = number + 1
            widgets[place].answers = {spec["id"]: sent}
        kept = Store(tmp_path).answers()[spec["id"]]
        assert kept.response == sent["response"]
        assert widgets[place].saved == number + 1


def test_nothing_is_confirmed_that_is_not_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = public(read_bank(SAMPLE, COURSE).questions[0])
    quiz = {"id": "x", "title": "X", "seed": "", "questions": [spec]}
    store = Store(tmp_path)
    widget, other = QuizWidget(quiz, store), QuizWidget(quiz, store)
    sent = {"fingerprint": spec["fingerprint"], "response": 1, "attempts": 1, "at": DAYS[0]}

    def refuse(*args: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("pfp_course.files.tempfile.mkstemp", refuse)
        widget.answers = {spec["id"]: {**sent, "revision": 1}}
        widget.sent = 1
        assert (widget.received, widget.saved) == (1, 0)
        assert "No space left" in widget.notice
        assert QuizWidget(quiz, store).saved == -1, "what it shows is not on the disk either"
    # What another quiz of the notebook saves brings the first answer to the disk, too.
    other.drafts = {spec["id"]: {**sent, "base": 1, "count": 1}}
    assert widget.saved == 1
    assert widget.notice == other.notice == ""


def test_a_draft_is_kept_comes_back_and_is_no_answer(tmp_path: Path) -> None:
    spec = public(read_bank(SAMPLE, COURSE).questions[0])
    quiz = {"id": "x", "title": "X", "seed": "", "questions": [spec]}
    draft = {"fingerprint": spec["fingerprint"], "response": 2, "base": 0, "at": DAYS[0]}
    widget = QuizWidget(quiz, Store(tmp_path))
    widget.drafts = {spec["id"]: {**draft, "count": 1}, "02.other": {"response": 1}}
    assert Store(tmp_path).answers() == {}
    again = QuizWidget(quiz, Store(tmp_path))
    assert again.drafts[spec["id"]]["response"] == 2
    # A window that has not heard of the first one writes the newest text all the same.
    again.drafts = {spec["id"]: {**draft, "response": 0, "count": 0}}
    assert Store(tmp_path).drafts()[spec["id"]].response == 0
    again.answers = {spec["id"]: {**draft, "attempts": 1, "revision": 1}}
    assert Store(tmp_path).drafts() == {}


@pytest.mark.parametrize(
    "response",
    [0, [2, 0], [1, None], "27 May", ["1994", "", 2, None], {"text": "Long.", "levels": [0, None]}],
)
def test_a_response_of_every_kind_is_an_answer_and_a_draft(response: Any) -> None:
    for model in (Answer, Draft):
        kept = model.model_validate({"fingerprint": "f", "response": response, "at": DAYS[0]})
        assert kept.response == response


SAME = [
    ({"kind": "numeric", "unit": "states"}, "1", " 1.0 "),
    ({"kind": "numeric", "unit": "states"}, "2", "2 States"),
    ({"kind": "numeric", "unit": ""}, "0.5", "1/2"),
    ({"kind": "text"}, "Åland ", "aland"),
    ({"kind": "date", "key": "1994-05-27"}, "27 May 1994", "1994-05-27"),
    ({"kind": "multiple"}, [2, 0], [0, 2]),
    ({"kind": "order", "items": ["a", "b"]}, [1, 0], [1, 0]),
    ({"kind": "match"}, [1, 0], [1, 0]),
]
OTHER = [
    ({"kind": "numeric", "unit": ""}, "1", "2"),
    ({"kind": "text"}, "Latvia", "Estonia"),
    ({"kind": "date", "key": "1994-05-27"}, "27 May 1994", "28 May 1994"),
    ({"kind": "multiple"}, [0], [0, 2]),
    ({"kind": "order", "items": ["a", "b", "c"]}, [1, 0, 2], [2, 1, 0]),
]
EXAM = {
    "exam": True,
    "precision": 10,
    "ask": "?",
    "words": 1,
    "choices": [{"text": letter} for letter in "abc"],
    "items": [{"text": letter} for letter in "ab"],
    "options": ["x", "y"],
}


@pytest.mark.parametrize(("spec", "one", "other"), SAME)
def test_the_same_answer_is_known_however_it_is_written(
    spec: dict[str, Any], one: Any, other: Any
) -> None:
    assert form_of({**EXAM, **spec}).same(one, other)


@pytest.mark.parametrize(("spec", "one", "other"), OTHER)
def test_another_answer_is_another(spec: dict[str, Any], one: Any, other: Any) -> None:
    assert not form_of({**EXAM, **spec}).same(one, other)


def test_a_response_given_before_spends_no_attempt() -> None:
    spec = public(read_bank(SAMPLE, COURSE).questions[0])
    right = next(i for i, choice in enumerate(spec["choices"]) if choice["right"])
    wrong, also = [i for i in range(len(spec["choices"])) if i != right][:2]

    def sent(response: int, attempts: int, tried: list[Any]) -> Answer:
        return Answer(
            fingerprint=spec["fingerprint"],
            response=response,
            attempts=attempts,
            tried=[*tried],
            at=DAYS[0],
        )

    before = sent(wrong, 1, [])
    assert once_counted(spec, sent(wrong, 2, [wrong]), before).attempts == 1
    assert once_counted(spec, sent(also, 2, [wrong]), before).attempts == 2
    later = sent(also, 2, [wrong])
    assert once_counted(spec, sent(wrong, 3, [wrong, also]), later).attempts == 2
    assert once_counted(spec, sent(right, 3, [wrong, also]), later).attempts == 3
