"""What Datasette loads from its plugins directory: the hooks of the reading room."""

from archive.readingroom.plugin import (
    asgi_wrapper,
    extra_template_vars,
    forbidden,
    handle_exception,
    prepare_connection,
    prepare_jinja2_environment,
    register_routes,
    render_cell,
)

__all__ = [
    "asgi_wrapper",
    "extra_template_vars",
    "forbidden",
    "handle_exception",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
]
