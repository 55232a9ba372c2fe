"""Run all commands as a student's installation would, and print what each did as JSON.

``python run_every_command.py RESULT all|quick [MODULE ...]``: with ``quick`` those commands are
left out that read all banks and tables and say "ok". The modules are blocked, as if they were not
installed, and the package takes itself for an installed one. The commands write to this process's
own output, in its own encoding.
"""

import contextlib
import json
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))


LONG = (["check"], ["check", "data"], ["questions", "check"], ["questions", "answers"])


def main(result: str, what: str, *blocked: str) -> None:
    """Run all commands and write what happened."""
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment]
    from every_command import calls, commands

    from pfp_course import course
    from pfp_course.cli import app, installation

    for module in (course, installation, installation):
        module.source_tree = lambda: None  # type: ignore[attr-defined]
    runs = [*([*words, "--help"] for words in commands(app)), ["--help"], *calls(app), ["nonsense"]]
    done: list[dict[str, Any]] = []
    for words in runs:
        if what == "quick" and words in LONG:
            continue
        sys.argv = ["pfp", *words]
        code: object = 0
        trace = ""
        with open(f"{result}.out", "w+", encoding=sys.stdout.encoding) as out:  # noqa: PTH123
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                try:
                    app()
                except SystemExit as error:
                    code = error.code
                except BaseException:
                    code, trace = "raised", traceback.format_exc()
            out.seek(0)
            said = out.read()
        done.append({"words": words, "code": code, "trace": trace, "said": said})
    Path(result).write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
