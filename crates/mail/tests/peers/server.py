"""An SMTP server for tests: aiosmtpd, which writes down what it takes and misbehaves as it is told.

usage: server.py FOLDER PORT SECURITY [CERTIFICATE KEY]
SECURITY is plain, starttls or tls. FOLDER/mood says what it does with the next message; FOLDER/login holds `user password`
where one has to sign in. Each message it takes is a line of JSON in FOLDER/taken.
"""

import json
import pathlib
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder = pathlib.Path(sys.argv[1])


def text(name):
    path = folder / name
    return path.read_text().strip() if path.exists() else ""


class Postbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        match text("mood"):
            case "refuses":
                return "550 5.1.1 no such mailbox here"
            case "later":
                return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8", "replace"),
            "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "signed_in": bool(session.authenticated),
        }
        with open(folder / "taken", "a") as file:
            file.write(json.dumps(taken) + "\n")
        if text("mood") == "loses the answer":
            server.transport.abort()
        return "250 taken"


def sign_in(server, session, envelope, mechanism, data):
    user, password = text("login").encode().split()
    right = data.login == user and data.password == password
    return AuthResult(success=right, handled=False)


port, security = int(sys.argv[2]), sys.argv[3]
context = None
if security != "plain":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
signs_in = bool(text("login"))
controller = Controller(
    Postbox(),
    hostname="127.0.0.1",
    port=port,
    ssl_context=context if security == "tls" else None,
    tls_context=context if security == "starttls" else None,
    require_starttls=security == "starttls",
    authenticator=sign_in if signs_in else None,
    auth_required=signs_in,
    auth_require_tls=False,
)
controller.start()
(folder / "ready").write_text("ready")
while True:
    time.sleep(3600)
