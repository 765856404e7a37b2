"""The little of S3's interface that scoring uses, on 127.0.0.1, with objects in memory."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@contextmanager
def object_store() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve objects; give the address and the objects by `bucket/key`."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

        def do_PUT(self) -> None:
            objects[self.key] = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(200, b"", ETag=tag(objects[self.key]))

        def do_DELETE(self) -> None:
            objects.pop(self.key, None)
            self.answer(204, b"")

        def do_HEAD(self) -> None:
            self.give()

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
            if "list-type" in query:
                self.answer(200, self.listing(query).encode())
            else:
                self.give()

        @property
        def key(self) -> str:
            return unquote(urlsplit(self.path).path).strip("/")

        def give(self) -> None:
            content = objects.get(self.key)
            if content is None:
                self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
                return
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            part, code = content, 200
            if wanted:
                end = int(wanted[2]) + 1 if wanted[2] else len(content)
                part, code = content[int(wanted[1]) : end], 206
            self.answer(code, part, ETag=tag(content))

        def listing(self, query: dict[str, list[str]]) -> str:
            bucket, prefix = self.key, query.get("prefix", [""])[0]
            delimiter = query.get("delimiter", [""])[0]
            contents, folders = "", set()
            for name, content in sorted(objects.items()):
                key = name.removeprefix(f"{bucket}/")
                if key == name or not key.startswith(prefix):
                    continue
                head, found, _ = key[len(prefix) :].partition(delimiter or "\0")
                if found:
                    folders.add(prefix + head + delimiter)
                    continue
                contents += (
                    f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size>"
                    f"<ETag>{escape(tag(content))}</ETag>"
                    "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                )
            common = "".join(
                f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
                for name in sorted(folders)
            )
            return (
                '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{bucket}</Name><IsTruncated>false</IsTruncated>{contents}{common}"
                "</ListBucketResult>"
            )

        def answer(self, code: int, content: bytes, **headers: str) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            if code != 204:
                self.send_header("Content-Length", str(len(content)))
            self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", objects
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
