"""Claims cover the article, and recommendations reach agencies that exist."""

from pfp_course.data import load

VARIANTS = {"KAZ", "KGZ", "UZB"}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table as texts, an empty one for an empty cell."""
    frame = load(name).astype("object")
    return [
        {str(column): str(cell) for column, cell in row.items()}
        for row in frame.where(frame.notna(), "").to_dict("records")
    ]


def test_every_claim_stands_in_a_paragraph_and_every_paragraph_has_a_claim() -> None:
    claims, paragraphs = load("claims"), load("paragraph_map")
    named = paragraphs["claims"].str.split(";").explode()
    assert set(named) == set(claims["id"])
    text = paragraphs[paragraphs["section"] != "references"]
    assert list(text["paragraph"]) == [f"P{number:02d}" for number in range(1, len(text) + 1)]


def test_a_close_call_names_another_verdict_and_both_its_sides() -> None:
    claims = load("claims")
    close = claims[claims["alternative"].notna()]
    assert 0 < len(close) < len(claims) / 2
    assert (close["alternative"] != close["verdict"]).all()
    assert close["evidence_for"].notna().all()
    assert close["evidence_against"].notna().all()


def test_a_verdict_has_evidence_on_the_side_that_it_takes() -> None:
    claims = load("claims").set_index("id")
    supported = claims[claims["verdict"] == "supported"]
    contradicted = claims[claims["verdict"] == "contradicted"]
    assert supported["evidence_for"].notna().all()
    assert contradicted["evidence_against"].notna().all()
    partly = claims[claims["verdict"] == "partly"]
    assert partly[["evidence_for", "evidence_against"]].notna().all(axis=None)


def test_a_recommendation_reaches_agencies_of_its_state_that_exist_today() -> None:
    today = {(row["iso3"], row["agency"]) for row in rows("agencies") if not row["until"]}
    for row in rows("recommendations"):
        assert (row["iso3"], row["agency"]) in today, row["id"]
        partner = row["with_agency"]
        assert not partner or (row["iso3"], partner) in today, row["id"]


def test_a_recommendation_has_a_variant_for_each_of_the_three_states() -> None:
    advice = load("recommendations")
    for number, variants in advice.groupby("number"):
        states = set(variants["iso3"])
        assert len(states) == len(variants), number
        # No body in charge of cyber security in Uzbekistan was found by name.
        assert states == (VARIANTS - {"UZB"} if number == "E12" else VARIANTS), number


def test_what_stands_now_has_a_source_unless_nothing_was_found() -> None:
    for row in rows("recommendations"):
        named = {key for key in row["baseline_source"].split(";") if key}
        assert named <= set(row["source"].split(";")), row["id"]
        baseline = row["baseline"].lower()
        unknown = ("not known", "none found", "no evaluation found")
        assert named or any(words in baseline for words in unknown), row["id"]
