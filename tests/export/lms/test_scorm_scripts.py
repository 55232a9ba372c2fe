"""What the script of a SCORM package tells of answers and keeps of them, apart from any page."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from courses import answered
from environment import ROOT

from pfp_course.chapters import chapters
from pfp_course.course import default_course
from pfp_course.export.lms.model import Package, Section, of_chapter
from pfp_course.export.lms.scorm_questions import Version, reported
from pfp_course.questions import frontend
from pfp_course.questions.interactions import Arrange, Choose, Essay, Fill, Pair, Pick, WriteText

SCRIPTS = ROOT / "src" / "pfp_course" / "export" / "lms" / "js"
NUMBERS = [chapter.number for chapter in chapters(default_course())]
VERSIONS: tuple[Version, ...] = ("1.2", "2004")
ROOM = {"1.2": 4096, "2004": 64000}


CODE = {"1.2": r"[a-z0-9]", "2004": r"[A-Za-z0-9_]{1,250}"}


@pytest.mark.parametrize("version", VERSIONS)
def test_names_codes_and_patterns_have_the_types_of_their_version(version: Version) -> None:
    for number in NUMBERS:
        known = told(number, version)
        ids = [one["id"] for one in (*known["questions"], *known["objectives"])]
        assert len(set(ids)) == len(ids)
        pattern = r"[A-Za-z0-9._-]{1,255}" if version == "1.2" else r"urn:[a-z0-9-]{2,31}:[\w.-]+"
        assert all(re.fullmatch(pattern, one) for one in ids)
        for one in known["questions"]:
            _check(one, version)


def _check(one: dict[str, Any], version: Version) -> None:
    assert len(one["ask"]) <= 250
    assert "{" not in one["ask"]
    for codes in (one.get("codes", []), one.get("options", [])):
        assert len(set(codes)) == len(codes)
        if one["type"] != "fill-in":
            assert all(re.fullmatch(CODE[version], code) for code in codes)
    most = {"numeric": 1, "choice": 10, "fill-in": 5, "long-fill-in": 0}.get(one["type"], 1)
    assert len(one["patterns"]) <= most
    assert one["patterns"] or not one["scored"]
    for pattern in one["patterns"]:
        assert "\n" not in pattern
        if version == "1.2":
            assert len(pattern) <= 255


def reached(module: Path, known: dict[Path, str]) -> dict[Path, str]:
    """Add a module and all that it imports, with their texts."""
    if module not in known:
        known[module] = module.read_text(encoding="utf-8")
        for name in re.findall(r'^import\b[^;]*?from "(\.[^"]+)";', known[module], re.MULTILINE):
            reached((module.parent / name).resolve(), known)
    return known


@pytest.mark.parametrize("first", [SCRIPTS / "scorm_page.js", frontend.FOLDER / "widget.js"])
def test_the_modules_of_a_script_share_no_name(first: Path) -> None:
    # They are joined into one script: of two functions of a name the second alone would stay.
    modules = reached(first, {})
    for kind in (frontend.FOLDER / "kinds").glob("*.js"):
        reached(kind, modules)
    named = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    names = Counter(name for text in modules.values() for name in named.findall(text))
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


# The scripts that need no page, run by Deno: what is told of answers, and how they are kept.
_RUN = """
import { responseText, resultOf } from "FOLDER/scorm_responses.js";
import { shelved, unshelved } from "FOLDER/scorm_shelf.js";
const read = await new Response(Deno.stdin.readable).text();
const results = JSON.parse(read).map(({ told, answers, drafts }) => {
  const given = told.questions.filter(({ name }) => answers[name]);
  const texts = given.map((one) => [
    one.name,
    responseText(one, answers[one.name].response, told.version),
    resultOf(one, answers[one.name], told.version),
  ]);
  const kept = shelved(told, answers, drafts, { best: 3.5, isComplete: true });
  return { texts, ...kept, back: unshelved(told, kept.text) };
});
console.log(JSON.stringify(results));
"""


def run(cases: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Return what the scripts tell and keep of some answers and drafts."""
    script = folder / "run.js"
    script.write_text(_RUN.replace("FOLDER", SCRIPTS.as_uri()), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("deno"), "run", "--no-config", "--no-check", script],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        env={"DENO_DIR": str(folder), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
    )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


@cache
def section(number: str) -> Section:
    course = default_course()
    return of_chapter(chapters(course)[int(number) - 1], course)


@cache
def told(number: str, version: Version) -> dict[str, Any]:
    slug = default_course().slug
    return {"version": version, "room": ROOM[version], **reported(section(number), version, slug)}


def answer(question: dict[str, Any], response: Any, score: float, tried: int = 1) -> dict[str, Any]:
    effort = {"attempts": tried, "hints": 1, "confidence": None, "seconds": 75}
    state = {"tried": [response] * tried, "revision": tried + 1, "at": "2026-11-30T08:00:00.000Z"}
    points = {"score": score, "points": question["points"]}
    return answered(question["fingerprint"], response, **points, **effort, **state)


def right(asks: Any) -> Any:
    """A right response, as the page records it."""
    match asks:
        case Choose(options=options, many=many):
            places = [place for place, one in enumerate(options) if one.is_right]
            return places if many else places[0]
        case Pick(options=options):
            return next(place for place, one in enumerate(options) if one.is_right)
        case Pair(items=items):
            return [one.right for one in items]
        case Arrange(items=items):
            return list(range(len(items)))
        case Fill(gaps=gaps):
            return [right(gap.asks) for gap in gaps]
        case WriteText(answers=answers):
            return answers[0].text
        case Essay():
            return {"text": "First line.\n\nЕкінші жол {2}.", "levels": []}
    low = asks.ranges[0].low if asks.ranges[0].value is None else asks.ranges[0].value
    return f"{low:.9f} {asks.unit}"


# What a system compares with what it holds as right.
def _agree(question: dict[str, Any], text: str) -> bool:
    patterns = [re.sub(r"^\{case_matters=\w+\}", "", one) for one in question["patterns"]]
    if question["form"] == "essay":
        return text == "First line. Екінші жол {2}."
    if question["form"] == "number" and "[:]" in patterns[0]:
        low, high = (float(end) if end else None for end in patterns[0].split("[:]"))
        value = float(text)
        return (low is None or low <= value + 1e-6) and (high is None or value <= high + 1e-6)
    return text in patterns


@pytest.mark.parametrize("version", VERSIONS)
def test_a_right_answer_is_told_as_a_right_pattern(
    version: Version, sample: Package, tmp_path: Path
) -> None:
    # The chapters, and a bank with every kind of question.
    every_kind = {"version": version, "room": ROOM[version]}
    every_kind |= reported(sample.sections[0], version, "sample")
    asked = [(section(number), told(number, version)) for number in NUMBERS]
    cases = []
    for one_section, known in [*asked, (sample.sections[0], every_kind)]:
        by_print = {item.form.fingerprint: item for item in one_section.items}
        answers = {
            one["name"]: answer(one, right(by_print[one["fingerprint"]].asks), one["points"])
            for one in known["questions"]
        }
        cases.append({"told": known, "answers": answers, "drafts": {}})
    count = 0
    for case, result in zip(cases, run(cases, tmp_path), strict=True):
        assert len(result["text"]) < 1700, "book/scorm.md promises room for a text of 400 words"
        questions = {one["name"]: one for one in case["told"]["questions"]}
        for name, text, verdict in result["texts"]:
            count += 1
            assert _agree(questions[name], text), (name, text, questions[name]["patterns"])
            assert verdict == ("correct" if questions[name]["scored"] else "neutral")
            assert len(text) <= (255 if version == "1.2" else 4000)
    assert count == sum(len(case["told"]["questions"]) for case in cases) > 200


def random_cases(version: Version, count: int) -> Iterator[dict[str, Any]]:
    """Yield answers and drafts of all lengths, in several alphabets."""
    random = Random(f"shelf {version}")
    words = ["peace", "мир", "бейбітшілік", '"', "\\", "\n", "😀", "{", "[,]"]
    for number in range(count):
        known = told(random.choice(NUMBERS), version)
        length = [3, 30, 1000, 3000][number % 4] * (1 if version == "1.2" else 8)

        def text(longest: int = length) -> str:
            return " ".join(random.choices(words, k=random.randint(0, longest)))

        count_given = random.randint(0, len(known["questions"]))
        chosen_ones = random.sample(known["questions"], count_given)
        essays = [one for one in known["questions"] if one["form"] == "essay"]
        answers = {}
        for one in chosen_ones:
            response: Any = random.choice([3, [1, 2], "12.5", None])
            if one["form"] == "essay":
                response = {"text": text(), "levels": []}
            answers[one["name"]] = answer(
                one, response, random.choice([0, 0.5, 1]), random.randint(0, 9)
            )
        drafts = {
            one["name"]: {
                "fingerprint": one["fingerprint"],
                "response": {"text": text(), "levels": []} if one["form"] == "essay" else text(5),
                "confidence": random.choice([None, 2]),
                "base": answers.get(one["name"], {}).get("revision", 0),
                "count": 3,
                "at": "2026-11-30T08:00:00.000Z",
            }
            for one in [*random.sample(known["questions"], 3), *essays]
        }
        yield {"told": known, "answers": answers, "drafts": drafts}


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_fit_the_room_of_a_system_and_are_back_but_for_what_is_named(
    version: Version, tmp_path: Path
) -> None:
    cases = list(random_cases(version, 40))
    named = whole = 0
    for case, result in zip(cases, run(cases, tmp_path), strict=True):
        left, back = set(result["left"]), result["back"]
        assert len(result["text"].encode("utf-16-le")) // 2 <= ROOM[version]
        assert "\n" not in result["text"], "some systems take one line alone"
        assert back["reached"] == {"best": 3.5, "isComplete": True}
        assert set(back["answers"]) == set(case["answers"])
        for name, given in case["answers"].items():
            kept = back["answers"][name]
            gone = {"tried"} | ({"response"} if name in back["cut"] else set())
            assert {key: value for key, value in kept.items() if key not in gone} == {
                key: value for key, value in given.items() if key not in gone
            }
        lost = {name for name in case["drafts"] if case["drafts"][name] != back["drafts"].get(name)}
        assert set(back["cut"]) | lost == left
        named, whole = named + bool(left), whole + (not left)
    assert named > 5
    assert whole > 10


def test_suspend_data_of_something_else_is_not_read_and_a_changed_question_begins_anew(
    tmp_path: Path,
) -> None:
    known = told("03", "1.2")
    first, second = known["questions"][:2]
    answers = {one["name"]: answer(one, "4", 1) for one in (first, second)}
    [result] = run([{"told": known, "answers": answers, "drafts": {}}], tmp_path)
    text = result["text"]
    changed = {**known, "questions": [{**first, "fingerprint": "0" * 16}, *known["questions"][1:]]}
    script = tmp_path / "read.js"
    script.write_text(
        f'import {{ unshelved }} from "{SCRIPTS.as_uri()}/scorm_shelf.js";\n'
        f"const texts = {json.dumps(['', 'page=7', '[]', '[2,0,0,{},{}]', '{}', text])};\n"
        f"const read = texts.map((one) => unshelved({json.dumps(changed)}, one));\n"
        "console.log(JSON.stringify(read.map((one) => one && Object.keys(one.answers))));\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [Path(sys.executable).with_name("deno"), "run", "--no-config", "--no-check", script],
        capture_output=True,
        text=True,
        check=True,
        env={"DENO_DIR": str(tmp_path), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
    )
    assert json.loads(done.stdout) == [None, None, None, None, None, [second["name"]]]
