"""What a colour means in this course: one look for each thing, in every figure and on the cover.

Blue stands for the United States, for NATO and what it founded; red for Russia, its organisation
and what was broken off; ochre for China; the blue-green of its flag for Kazakhstan and nothing
else. Things that never meet in one figure may share a colour, but no thing has two. Orange points
out, and slate is a count without a meaning of its own.
"""

from pfp_course.palette import Meanings

__all__ = ["MEANINGS"]

_STATES: Meanings = {
    "Kazakhstan": ("s3", ()),
    "Kyrgyzstan": ("s8", ()),
    "Tajikistan": ("s9", ()),
    "Turkmenistan": ("s6", ()),
    "Uzbekistan": ("s10", ()),
    "United States": ("s1", ("with the United States", "with the USA", "like the United States")),
    "Russia": ("s7", ("with Russia", "like Russia")),
    "China": ("s5", ("with China",)),
    "both powers": ("s4", ("with both",)),
    "neither power": ("s6", ("with neither",)),
    "Germany": ("s4", ()),
    "Azerbaijan": ("s2", ()),
    "Afghanistan": ("s2", ()),
    "Central Asia": ("s2", ()),
}
_PATHS: Meanings = {
    "member of NATO": ("s1", ("member", "became Allies", "Central & Eastern Europe, Baltic")),
    "partner": ("s4", ("partners", "other partners", "all other signatories")),
    "neutral": ("s6", ()),
    "suspended": ("s7", ()),
    "partners in practice": ("s6", ("in practice",)),
}
_BODIES: Meanings = {
    "Partnership for Peace": ("s1", ("PfP",)),
    "CSTO": ("s7", ()),
    "SCO": ("s5", ()),
}
_EVENTS: Meanings = {
    "tool": ("s1", ("documents and tools",)),
    "policy": ("s4", ()),
    "summit": ("s8", ("units and centres",)),
    "enlargement": ("s5", ()),
    "operation": ("s10", ("missions",)),
    "crisis": ("s7", ()),
    "exercise": ("s9", ("exercises",)),
}
_DEEDS: Meanings = {
    "said": ("s4", ()),
    "established": ("s8", ()),
    "used": ("s9", ()),
    "refused": ("s7", ()),
    "open": ("s6", ()),
}
_VERDICTS: Meanings = {
    "supported": ("s9", ("for", "speaks for it")),
    "partly": ("s5", ()),
    "contradicted": ("s7", ("against", "speaks against it")),
    "opinion": ("s4", ()),
    "unverifiable": ("s6", ()),
}
MEANINGS: Meanings = {**_STATES, **_PATHS, **_BODIES, **_EVENTS, **_DEEDS, **_VERDICTS}
