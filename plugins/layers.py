"""What every request passes before Datasette answers it, and every answer on its way out."""

from collections.abc import Callable

from datasette import hookimpl
from datasette.app import Datasette

from ratsdaten.serving import access_log, cache, clients, dates, free_sql, guard, policy, renew, town
from ratsdaten.serving.asgi import App

#: From the outside in.
LAYERS = (
    *(access_log.layer, guard.layer, renew.layer, town.layer, cache.layer, dates.layer, policy.layer),
    *(clients.layer, free_sql.layer),
)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    def wrapped(app: App) -> App:
        for layer in reversed(LAYERS):
            app = layer(datasette, app)
        return app

    return wrapped
