"""Django's PostgreSQL backend, on a server of our own that starts at the first connection."""

from typing import Any

from django.db.backends.postgresql import base

from config.embedded_postgres.server import start


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks for the embedded server when connection parameters are wanted, never when settings are read."""

    def get_connection_params(self) -> dict[str, Any]:
        server = start(self.settings_dict["DATA_DIR"], durable=self.settings_dict.get("DURABLE", True))
        # Django's own maintenance connection has no name: it goes to the database `postgres`.
        server.ensure_database(self.settings_dict["NAME"] or "postgres")
        self.settings_dict |= {"HOST": server.host, "USER": server.user}
        return super().get_connection_params()
