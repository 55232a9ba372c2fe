"""An extension of JupyterLab's server: the kernel of the first notebook starts with the server.

``pfp start`` opens one notebook. Its kernel starts here, and imports what each chapter imports,
while the browser still loads JupyterLab; the page then finds the session and joins it. It is an
ordinary session: JupyterLab shows it, restarts it and ends it as if the page had begun it.
"""

import json
from typing import Any

from jupyter_core.utils import ensure_async

__all__ = ["begin"]

# The folder of the notebook is left out of the path for this time: a file of the student's that
# is named as a library is not run before the student runs a cell. No name is left behind.
IMPORTS = """
def _import():
    import sys
    path = sys.path[:]
    try:
        sys.path[:] = [entry for entry in path if entry not in ("", ".")]
        import pandas, matplotlib.pyplot, pfp_course.chapters, pfp_course.data
        import pfp_course.figures, pfp_course.questions
    finally:
        sys.path[:] = path
_import()
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    name = server.config.get("EarlyKernel", {}).get("notebook")
    if name:
        server.io_loop.add_callback(begin, server, name)


async def begin(server: Any, name: str) -> None:
    """Begin the session of a notebook in the server's folder, unless it wants another kernel.

    ``server`` is the running ``jupyter_server.serverapp.ServerApp``; ``name`` is relative to its
    folder.
    """
    try:
        model = await ensure_async(server.contents_manager.get(name, type="notebook"))
        wanted = model["content"]["metadata"].get("kernelspec", {}).get("name", "python3")
        if wanted != "python3" or await ensure_async(server.session_manager.session_exists(name)):
            return
        session = await ensure_async(
            server.session_manager.create_session(
                path=name, name=name, type="notebook", kernel_name=wanted
            )
        )
        client = server.kernel_manager.get_kernel(session["kernel"]["id"]).client()
        client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        try:
            client.execute(f"exec({json.dumps(IMPORTS)}, {{}})", silent=True, store_history=False)
            await client.get_shell_msg(timeout=60)
        finally:
            client.stop_channels()
    except Exception as error:  # The page begins the session itself, as it does anywhere else.
        server.log.info("The kernel was not started early: %s", error)
