"""A SCIM server on Python's own http.server and ssl, for the preflight: the first part of the path says what is wrong
with it. `/well/scim/v2` is in order. Says "Listening at <port>" when it does.

    server.py <address> [<certificate.pem> <key.pem>]
"""

import email.utils
import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "canary-preflight-7Qm2Xw9Lp4Rt8Yb5"
PEOPLE = ["ada@example.com", "ben@example.com", "cleo@example.com"]
GROUPS = ["Engineering", "Support"]


def entries(kind):
    if kind == "Users":
        return [{"id": f"u{n}", "userName": name} for n, name in enumerate(PEOPLE)]
    return [{"id": f"g{n}", "displayName": name} for n, name in enumerate(GROUPS)]


def found(kind, fault, query):
    everything = entries(kind)
    wanted = query.get("filter", [""])[0]
    ignores = fault == f"{kind.lower()}-filter-ignored"
    if wanted and not ignores:
        name = wanted.split('"')[1].lower()
        everything = [one for one in everything if name in (str(value).lower() for value in one.values())]
    start = 1 if fault == "one-page" else int(query.get("startIndex", ["1"])[0])
    count = int(query.get("count", ["100"])[0])
    page = everything if ignores else everything[start - 1 : start - 1 + count]
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(everything),
        "startIndex": start,
        "itemsPerPage": len(page),
        "Resources": page,
    }


class Scim(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        ahead = 3600 if self.path.startswith("/clock-ahead/") else 0
        return email.utils.formatdate(time.time() + ahead, usegmt=True)

    def answer(self, status, body, media="application/scim+json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, detail="No."):
        self.answer(status, json.dumps({"status": str(status), "detail": detail}))

    def do_GET(self):
        url = urlsplit(self.path)
        fault, _, rest = url.path.lstrip("/").partition("/")
        query = parse_qs(url.query)
        kind = rest.rpartition("/")[2]
        if fault == "slow":
            time.sleep(0.3)
        if fault == "html":
            return self.answer(200, "<!doctype html><title>Sign in</title>", "text/html")
        if fault == "other-json":
            return self.answer(200, '{"hello": "world"}')
        if fault == "cut":
            return self.answer(200, '{"schemas": ["urn:ietf:params:scim')
        if fault == "busy":
            return self.refuse(429)
        if fault == "broken":
            return self.refuse(500)
        if rest not in ("scim/v2/Users", "scim/v2/Groups", "scim/v2/ServiceProviderConfig"):
            if fault == "page-everywhere":
                return self.answer(200, "<!doctype html><title>Welcome</title>", "text/html")
            return self.refuse(404, "There is nothing here.")
        if kind == "ServiceProviderConfig":
            return self.answer(200, '{"patch": {"supported": true}}')
        if self.headers.get("Authorization") != f"Bearer {TOKEN}" or fault == "unauthorised":
            return self.refuse(401, "The token is not known.")
        if fault == "forbidden":
            return self.refuse(403)
        if kind == "Groups" and fault == "groups-broken":
            return self.refuse(500)
        if kind == "Groups" and fault == "no-groups":
            return self.refuse(404)
        if fault == "miss-is-404" and "filter" in query and "@" not in unquote(url.query):
            return self.refuse(404)
        return self.answer(200, json.dumps(found(kind, fault, query)))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, *_):
        pass  # Who does not trust the certificate hangs up; that is what is tested.


def main():
    server = Server((sys.argv[1], 0), Scim)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        # The handshake belongs to the thread of the connection, not to the one that accepts.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(f"Listening at {server.server_address[1]}", flush=True)
    server.serve_forever()


main()
