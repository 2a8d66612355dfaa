"""Where webhooks must not go: hostile addresses, names that change their mind, redirects, slow receivers."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from practice.hooks import addresses, calling
from practice.hooks.addresses import BadAddress, Target
from tests.practice.receiving import receiver, trap

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)

# {port} is the trap's. What a name resolves to stands beside it; without, the system's resolver is asked.
HOSTILE: list[tuple[str, list[str] | None]] = [
    ("http://127.0.0.1:{port}/", None),
    ("http://127.0.0.2:{port}/", None),
    ("http://127.1:{port}/", None),
    ("http://127.0.1:{port}/", None),
    ("http://2130706433:{port}/", None),
    ("http://0x7f000001:{port}/", None),
    ("http://0x7f.0.0.1:{port}/", None),
    ("http://0x7f.1:{port}/", None),
    ("http://0177.0.0.1:{port}/", None),
    ("http://017700000001:{port}/", None),
    ("http://0:{port}/", None),
    ("http://0.0.0.0:{port}/", None),
    ("http://000.000.000.000:{port}/", None),
    ("http://[::1]:{port}/", None),
    ("http://[::]:{port}/", None),
    ("http://[0:0:0:0:0:0:0:1]:{port}/", None),
    ("http://[::ffff:127.0.0.1]:{port}/", None),
    ("http://[::ffff:7f00:1]:{port}/", None),
    ("http://[::127.0.0.1]:{port}/", None),
    ("http://[::ffff:0:127.0.0.1]:{port}/", None),
    ("http://[64:ff9b::127.0.0.1]:{port}/", None),
    ("http://[64:ff9b::7f00:1]:{port}/", None),
    ("http://[64:ff9b:1::7f00:1]:{port}/", None),
    ("http://[2002:7f00:1::]:{port}/", None),
    ("http://[2001:0:7f00:1::]:{port}/", None),
    ("http://[fe80::1]:{port}/", None),
    ("http://[fe80::1%25lo]:{port}/", None),
    ("http://[fc00::1]:{port}/", None),
    ("http://[fd12:3456::1]:{port}/", None),
    ("http://[fec0::1]:{port}/", None),
    ("http://[ff02::1]:{port}/", None),
    ("http://[2001:db8::1]:{port}/", None),
    ("http://10.0.0.1:{port}/", None),
    ("http://172.16.0.1:{port}/", None),
    ("http://192.168.0.1:{port}/", None),
    ("http://169.254.169.254:{port}/latest/meta-data/", None),
    ("http://100.64.0.1:{port}/", None),
    ("http://192.0.0.1:{port}/", None),
    ("http://192.0.2.1:{port}/", None),
    ("http://192.88.99.1:{port}/", None),
    ("http://198.18.0.1:{port}/", None),
    ("http://203.0.113.1:{port}/", None),
    ("http://224.0.0.1:{port}/", None),
    ("http://240.0.0.1:{port}/", None),
    ("http://255.255.255.255:{port}/", None),
    ("http://localhost:{port}/", ["127.0.0.1"]),
    ("http://LOCALHOST:{port}/", ["127.0.0.1"]),
    ("http://localhost.:{port}/", ["127.0.0.1"]),
    ("http://localhost6:{port}/", ["::1"]),
    ("http://metadata.google.internal:{port}/", ["169.254.169.254"]),
    ("http://inside.example:{port}/", ["10.1.2.3"]),
    ("http://loop.example:{port}/", ["127.0.0.1"]),
    ("http://six.example:{port}/", ["::1"]),
    ("http://mapped.example:{port}/", ["::ffff:127.0.0.1"]),
    ("http://nat64.example:{port}/", ["64:ff9b::7f00:1"]),
    ("http://scoped.example:{port}/", ["fe80::1%lo"]),
    ("http://mixed.example:{port}/", ["93.184.216.34", "127.0.0.1"]),
    ("http://mixed-back.example:{port}/", ["127.0.0.1", "93.184.216.34"]),
    ("http://nothing.example:{port}/", []),
    ("http://garbage.example:{port}/", ["not an address"]),
    ("http://user@127.0.0.1:{port}/", None),
    ("http://public.example@127.0.0.1:{port}/", None),
    ("http://public.example:80@127.0.0.1:{port}/", None),
    ("http://127.0.0.1:{port}\\@public.example/", None),
    ("http://public.example#@127.0.0.1:{port}/", None),
    ("http://127.0.0.1:{port}#.public.example/", None),
    ("http://127.0.0.1%2f.public.example:{port}/", ["127.0.0.1"]),
    ("http://127。0。0。1:{port}/", None),
    ("http://①②⑦.0.0.1:{port}/", None),
    ("http://127.0.0.1\t:{port}/", None),
    ("http://127.0.0.1\r\nHost: x:{port}/", None),
    ("http:// 127.0.0.1:{port}/", None),
    ("http:///127.0.0.1:{port}/", None),
    ("http:127.0.0.1:{port}/", None),
    ("//127.0.0.1:{port}/", None),
    ("http://[::1:{port}/", None),
    ("ftp://127.0.0.1:{port}/", None),
    ("file:///etc/passwd", None),
    ("gopher://127.0.0.1:{port}/_x", None),
    ("javascript://127.0.0.1:{port}/", None),
    ("unix:///var/run/docker.sock", None),
    ("", None),
]


def test_no_hostile_address_opens_a_connection():
    """Over plain http too, so that it is never only the scheme that saves us."""
    assert len(HOSTILE) >= 60
    with trap() as (port, seen):
        for pattern, resolved in HOSTILE:
            url = pattern.replace("{port}", str(port))
            try:
                target = addresses.parse(url, http=True)
            except BadAddress:
                continue

            def lookup(host: str, port: int, resolved=resolved) -> list[str]:
                return calling.resolve(host, port) if resolved is None else resolved

            answer = calling.call(target, {}, b"{}", timeout=2, lookup=lookup)
            assert (url, answer.status) == (url, None)
    assert seen == []


def test_the_check_holds_for_every_hostile_ip_without_the_check_of_the_text():
    """The connection is guarded by itself, whatever the address looked like when it was typed."""
    with trap() as (port, seen):
        for host in (
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "::1",
            "0",
            "localhost",
        ):
            answer = calling.call(Target("http", host, port, "/"), {}, b"{}", timeout=2)
            assert (host, answer.status) == (host, None)
    assert seen == []


def test_a_name_that_answers_public_and_then_loopback_is_asked_once():
    answers = [["203.0.114.1"], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    with trap() as (port, seen):
        calling.call(
            Target("http", "rebind.example", port, "/"), {}, b"{}", timeout=0.5, lookup=rebinding
        )
    assert (asked, seen) == (["rebind.example"], [])


def test_a_redirect_is_an_answer_and_is_not_followed():
    allowed = (ipaddress.ip_network("127.0.0.2/32"),)
    with trap() as (port, seen), receiver("127.0.0.2", status=lambda got: 302) as its:
        its.headers = {"Location": f"http://127.0.0.1:{port}/"}
        target = addresses.parse(its.url("127.0.0.2"), http=True, networks=allowed)
        answer = calling.call(target, {}, b"{}", networks=allowed)
    assert (answer.status, seen, len(its.got)) == (302, [], 1)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com/in?a=1", Target("https", "hooks.example.com", 443, "/in?a=1")),
        ("https://HOOKS.example.com.", Target("https", "hooks.example.com", 443, "/")),
        ("https://hooks.example.com:8443/", Target("https", "hooks.example.com", 8443, "/")),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        ("https://93.184.216.34/x", Target("https", "93.184.216.34", 443, "/x")),
    ],
)
def test_honest_addresses_are_taken_apart(url, target):
    assert addresses.parse(url) == target


def test_http_is_refused_unless_the_installation_allows_it():
    with pytest.raises(BadAddress):
        addresses.parse("http://hooks.example.com/")
    assert addresses.parse("http://hooks.example.com/", http=True).scheme == "http"


def test_the_ip_that_was_checked_is_connected_to_and_the_host_header_is_the_name():
    with receiver() as its:
        target = Target("http", "hooks.example.com", its.port, "/in?x=1")
        answer = calling.call(
            target, {"X-A": "b"}, b'{"a":1}', networks=LOOPBACK, lookup=lambda h, p: ["127.0.0.1"]
        )
    got = its.got[0]
    assert (answer.status, got.path, got.body) == (204, "/in?x=1", b'{"a":1}')
    assert (got.headers["host"], got.headers["x-a"]) == (f"hooks.example.com:{its.port}", "b")


def test_a_receiver_that_sends_a_byte_now_and_then_is_cut_off():
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = server.accept()
        for letter in b"HTTP/1.1 200 OK\r\nX-Very: " + b"a" * 100:
            try:
                connection.sendall(bytes([letter]))
            except OSError:
                break
            time.sleep(0.1)
        connection.close()

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    began = time.monotonic()
    target = Target("http", "drip.example", server.getsockname()[1], "/")
    answer = calling.call(
        target, {}, b"{}", networks=LOOPBACK, timeout=1, lookup=lambda h, p: ["127.0.0.1"]
    )
    took = time.monotonic() - began
    thread.join()
    server.close()
    assert (answer.status, answer.fault, took < 2) == (None, "TimeoutError", True)


def certificate(name: str) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM), secret


def encrypted(tmp_path, trusted: bool) -> tuple[calling.Answer, list[str | None]]:
    """What a call to a server of our own certificate gives, and by which names it was asked for."""
    made, secret = certificate("hooks.example.com")
    (tmp_path / "cert.pem").write_bytes(made)
    (tmp_path / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = server.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                # Closed with the body unread, the connection would be reset and the answer lost.
                said = secure.recv(65536)
                while not said.endswith(b"{}") and (more := secure.recv(65536)):
                    said += more
                secure.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except OSError:
            connection.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    if trusted:
        context_of = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    else:
        context_of = ssl.create_default_context()
    target = Target("https", "hooks.example.com", server.getsockname()[1], "/")
    given = calling.call(
        target,
        {},
        b"{}",
        networks=LOOPBACK,
        timeout=5,
        lookup=lambda h, p: ["127.0.0.1"],
        context=context_of,
    )
    thread.join()
    server.close()
    return given, names


def test_the_certificate_is_asked_for_and_checked_by_the_name(tmp_path):
    answer, names = encrypted(tmp_path, trusted=True)
    assert (answer.status, answer.fault, names) == (204, "", ["hooks.example.com"])


def test_a_certificate_nobody_vouches_for_ends_the_call(tmp_path):
    answer, names = encrypted(tmp_path, trusted=False)
    assert (answer.status, answer.fault, names) == (
        None,
        "SSLCertVerificationError",
        ["hooks.example.com"],
    )
