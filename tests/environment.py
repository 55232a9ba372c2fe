"""Write the conda environment that pyproject.toml asks for."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Binder takes a Python that is named with one equals sign, and its own oldest for a range.
PYTHON = "3.12"


def environment(pyproject: Path = ROOT / "pyproject.toml") -> str:
    """Return environment.yml: what runs the notebooks and builds the book."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    needs = sorted(project["dependencies"] + project["optional-dependencies"]["book"])
    lines = [
        "# Written by `make lock` from pyproject.toml; a test keeps the two in agreement.",
        "# conda and mamba: conda env create -f environment.yml. Binder reads it, too.",
        "name: pfp-course",
        "channels: [conda-forge]",
        "dependencies:",
        f"  - python={PYTHON}",
        "  - pip",
        "  - pip:",
        *(f'    - "{need}"' for need in needs),
        "    - -e .",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(environment(), end="")  # noqa: T201
