"""Stand-ins of PyPI and of npm's registry, as far as audits ask them; on loopback."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_ADVISORIES = "/-/npm/v1/security/advisories/bulk"


@dataclass(frozen=True, slots=True)
class Known:
    """What the registries know.

    Attributes:
        pypi: package -> its advisory's id; None: PyPI knows no package at all.
        npm: package -> its advisory's title; None: the registry has no such service.
    """

    pypi: Mapping[str, str] | None
    npm: Mapping[str, str] | None


@contextmanager
def registries(known: Known, folder: Path) -> Iterator[dict[str, str]]:
    """Serve both; yield the variables that lead pip-audit and npm there."""
    contexts: dict[str, ssl.SSLContext] = {}
    authority = _Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_CONNECT(self) -> None:
            """Be the host that a tunnel is wanted to: pip-audit asks one alone."""
            host = self.path.partition(":")[0]
            if host not in contexts:
                contexts[host] = authority.context(host)
            self.send_response(HTTPStatus.OK)
            self.end_headers()
            self.connection = contexts[host].wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", buffering=0)
            self.close_connection = False

        def do_GET(self) -> None:
            if isinstance(self.connection, ssl.SSLSocket):
                self._answer(_pypi_answer(self.path, known))
            else:  # npm wants to see which versions of an affected package there are
                self._answer({"name": unquote(self.path[1:]), "versions": {}, "dist-tags": {}})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = json.loads(gzip.decompress(body))
            is_there = self.path == _ADVISORIES and known.npm is not None
            self._answer(_npm_answer(asked, known.npm or {}) if is_there else None)

        def _answer(self, found: dict[str, Any] | None) -> None:
            content = json.dumps(found or {}).encode()
            status = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.OK
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield {
            "HTTPS_PROXY": address,
            "NO_PROXY": "127.0.0.1",
            "REQUESTS_CA_BUNDLE": str(authority.path),
            "npm_config_registry": f"{address}/",
            "npm_config_cache": str(folder / "npm"),
            "HOME": str(folder),
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pypi_answer(path: str, known: Known) -> dict[str, Any] | None:
    if known.pypi is None:
        return None
    _, _, package, version, _ = path.split("/")
    advisories = [
        {
            "id": known.pypi[package],
            "details": "Made up.",
            "fixed_in": ["99.0"],
            "aliases": [],
            "withdrawn": None,
        }
        for _ in range(package in known.pypi)
    ]
    return {"info": {"name": package, "version": version}, "vulnerabilities": advisories}


def _npm_answer(asked: Mapping[str, object], known: Mapping[str, str]) -> dict[str, Any]:
    return {
        package: [
            {
                "id": 1,
                "url": "https://example.org/1",
                "title": title,
                "severity": "high",
                "vulnerable_versions": "<99.0.0",
            }
        ]
        for package, title in known.items()
        if package in asked
    }


class _Authority:
    """Vouches for whatever name, to those who trust the certificate at `path`.

    Args:
        folder: for certificates and keys.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        own = self._certificate(self._name, self._key.public_key())
        self.path = folder / "authority.pem"
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.path.write_bytes(self._signed(own))

    def context(self, host: str) -> ssl.SSLContext:
        """Return what a server needs that is to be taken for a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        path = self._folder / f"{host}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + self._signed(
                self._certificate(name, key.public_key()).add_extension(names, critical=False)
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    def _signed(self, certificate: x509.CertificateBuilder) -> bytes:
        return certificate.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
