"""The picture of the rooms in ARCHITECTURE.md, made from the code; ``--check`` only compares."""

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "pfp_course"
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- made by tools/architecture.py -->\n", "<!-- end -->\n"

# The rooms from the ground up; a room may import from rooms below it, not from its own floor.
FLOORS = [
    {"errors", "palette", "typeface", "vector"},
    {"course", "early_kernel", "files"},
    {"data"},
    {"figures", "questions"},
    {"explorers"},
    {"chapters", "pfp"},
    {"assignments", "sphinx_ext"},
    {"export", "grading", "linkcheck"},
    {"code_grading", "deploy"},
    {"cli"},
]


def room(path: Path) -> str:
    """Return the room of a module: the first part of its path in the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms of this package that a module imports from."""
    names = [
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    return {name.split(".")[1] for name in names if name and name.startswith("pfp_course.")}


def modules() -> list[Path]:
    """Return all Python files of the package, in order."""
    return sorted(PACKAGE.rglob("*.py"))


def picture() -> str:
    """Return the rooms as a Mermaid flow chart: the floors, and what imports from what.

    An arrow that follows from others is left out: what a room reaches through another room, it
    may import, too.
    """
    rooms = set().union(*FLOORS[2:])
    uses: dict[str, set[str]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    for path in modules():
        count[room(path)] += 1
        uses[room(path)] |= (imported_rooms(path) & rooms) - {room(path)}
    lines = ["```mermaid", "flowchart TD"]
    for number, floor in reversed(list(enumerate(FLOORS[2:], start=3))):
        lines.append(f'  subgraph floor{number}[" "]')
        for name in sorted(floor):
            size = "1 module" if count[name] == 1 else f"{count[name]} modules"
            lines.append(f'    {name}["{name}<br/>{size}"]')
        lines.append("  end")
    ground = ", ".join(sorted(set().union(*FLOORS[:2])))
    lines.append(f'  ground["{ground}"]')
    for name in sorted(rooms):
        reached = set().union(*(_below(other, uses) for other in uses[name]))
        lines += [f"  {name} --> {other}" for other in sorted(uses[name] - reached)]
    lines += ["  data --> ground", "```", ""]
    return "\n".join(lines)


def _below(name: str, uses: dict[str, set[str]]) -> set[str]:
    direct = uses.get(name, set())
    return direct | {other for below in direct for other in _below(below, uses)}


def main() -> None:
    """Write the picture into the page, or say that it is out of date."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    wanted = f"{before}{BEGIN}{picture()}{END}{after}"
    if text == wanted:
        return
    if "--check" in sys.argv:
        raise SystemExit("ARCHITECTURE.md is out of date. Run: make architecture")
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
