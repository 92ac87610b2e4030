"""What every request passes before Datasette answers it, and every answer on its way out."""

import gc
from collections.abc import Callable
from contextvars import ContextVar

from datasette import hookimpl
from datasette.app import Datasette

from ratsdaten.serving import access_log, cache, clients, dates, free_sql, guard, policy, renew, town
from ratsdaten.serving.asgi import App, Receive, Scope, Send

#: From the outside in.
LAYERS = (
    *(access_log.layer, guard.layer, renew.layer, town.layer, cache.layer, dates.layer, policy.layer),
    *(clients.layer, free_sql.layer),
)
_within: ContextVar[bool] = ContextVar("within", default=False)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    def wrapped(app: App) -> App:
        innermost = outermost = LAYERS[-1](datasette, app)
        for layer in reversed(LAYERS[:-1]):
            outermost = layer(datasette, outermost)

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                gc.freeze()  # what a server has loaded stays: looking through it for garbage stopped all for 65 ms
            if _within.get():  # an export asks Datasette for the page that it is of
                return await innermost(scope, receive, send)
            token = _within.set(True)
            try:
                await outermost(scope, receive, send)
            finally:
                _within.reset(token)

        return answered

    return wrapped
