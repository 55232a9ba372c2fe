"""Keep what Jupyter Book always loads, and this book does not use, from sending anything."""

from sphinx.application import Sphinx

__all__ = ["connect"]

# Each adds scripts, style sheets or fonts to every page; some name a second search box or a CDN.
_UNUSED = (
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_thebe",
    "sphinx_togglebutton",
)


def connect(app: Sphinx) -> None:
    """Silence the unused extensions once all of them are loaded."""
    app.connect("config-inited", lambda app, _config: silence(app), priority=1)


def silence(app: Sphinx) -> None:
    """Remove the listeners of the unused extensions."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [
            listener
            for listener in listeners
            if not getattr(listener.handler, "__module__", "").startswith(_UNUSED)
        ]
