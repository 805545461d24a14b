"""HTTP connections that look at who answered before anything is sent: a name may resolve anew, to an inner address."""

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from banshi.connectors.egress import refuse_address


class _Checked(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        try:
            refuse_address(line.getpeername()[0])
        except Exception:
            line.close()
            raise
        return line


class _CheckedTls(_Checked, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Checked


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class CheckedAdapter(HTTPAdapter):
    """Adapter that looks at the address it connects to, but for what goes through the operator's proxy."""

    def init_poolmanager(self, *words: Any, **more: Any) -> None:
        super().init_poolmanager(*words, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
