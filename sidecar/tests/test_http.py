"""HTTP as clients speak it on purpose, by accident and in malice, byte by byte."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
import time
from typing import Any, List, Tuple

import numpy as np
import pytest
from running import Sidecar, tensor

from picklepod_sidecar.http_connection import Connection
from picklepod_sidecar.http_reply import as_json

LIVE = b"GET /v2/health/live HTTP/1.1\r\nhost: x\r\n\r\n"
INFER = "/v2/models/small/infer"
LIVE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n"


def connected(sidecar: Any) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", sidecar.port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answer(connection: socket.socket) -> Tuple[int, bytes, bytes]:
    """Status, head and body of the next answer, and not a byte more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, f"the connection ended after {head!r}"
        head += byte
    length = int(head.lower().split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return int(head.split()[1]), head, body


def rest(connection: socket.socket) -> bytes:
    received = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece


def call(path: str = INFER, rows: int = 1, first: bytes = b"", number: float = 0) -> bytes:
    numbers, codes = np.full((rows, 4), float(number)), np.zeros((rows, 2), np.int32)
    inputs, binary = [tensor("numbers", numbers), tensor("codes", codes)], numbers.tobytes() + codes.tobytes()
    if "touchy" in path:
        inputs, binary = [tensor("numbers", numbers[:, :1])], numbers[:, :1].tobytes()
    header = json.dumps({"id": f"{rows}", "parameters": {"binary_data_output": True}, "inputs": inputs}).encode()
    body = header + binary
    lengths = b"inference-header-content-length: %d\r\ncontent-length: %d\r\n" % (len(header), len(body))
    return b"POST %b HTTP/1.1\r\nhost: x\r\n%b%b\r\n" % (path.encode(), first, lengths) + body


def id_of(body: bytes) -> str:
    return json.loads(body[: body.index(b"]}") + 2])["id"]


def test_a_connection_is_kept_for_many_calls(sidecar: Any) -> None:
    with connected(sidecar) as connection:
        for rows in (1, 2, 3):
            connection.sendall(call(rows=rows))
            status, head, body = answer(connection)
            assert (status, id_of(body)) == (200, str(rows)) and b"connection" not in head
        connection.sendall(LIVE)
        assert answer(connection) == (200, LIVE_HEAD + b"\r\n", b'{"live":true}')


def test_calls_sent_at_once_are_answered_in_their_order(sidecar: Any) -> None:
    slow = call("/v2/models/touchy/infer", number=500)
    with connected(sidecar) as connection:
        connection.sendall(call(rows=1) + slow + LIVE + call(rows=2) + LIVE * 2000 + call(rows=3))
        answers = [answer(connection) for _ in range(2005)]
    assert {status for status, _, _ in answers} == {200}
    assert [id_of(body) for _, _, body in answers if body[:7] != b'{"live"'] == ["1", "1", "2", "3"]
    assert [body[:7] == b'{"live"' for _, _, body in answers[:5]] == [False, False, True, False, True]


def test_a_call_may_come_in_pieces(sidecar: Any) -> None:
    sent = call()
    with connected(sidecar) as connection:
        for i in range(0, len(sent), 7):
            connection.sendall(sent[i : i + 7])
        assert answer(connection)[0] == 200


def test_a_body_may_come_in_chunks_without_its_length(sidecar: Any) -> None:
    head, body = call().split(b"\r\n\r\n", 1)
    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"content-length"))
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(body[i : i + 50]), body[i : i + 50]) for i in range(0, len(body), 50))
    with connected(sidecar) as connection:
        connection.sendall(head + b"\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n" + LIVE)
        assert [answer(connection)[0] for _ in range(2)] == [200, 200]


def test_a_client_that_asks_may_go_on_to_send_its_body(sidecar: Any) -> None:
    head, body = call(first=b"expect: 100-continue\r\n").split(b"\r\n\r\n", 1)
    with connected(sidecar) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert answer(connection)[0] == 200


def test_a_client_that_asks_in_vain_need_not_send_its_body(sidecar: Any) -> None:
    head = call("/v2/models/nobody/infer", first=b"expect: 100-continue\r\n").split(b"\r\n\r\n", 1)[0]
    with connected(sidecar) as connection:
        connection.sendall(head + b"\r\n\r\n")
        status, got, _ = answer(connection)
        assert status == 404 and b"\r\nconnection: close\r\n" in got


@pytest.mark.parametrize(
    "sent",
    [
        LIVE.replace(b"host: x", b"host: x\r\nConnection: close"),
        LIVE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        LIVE.replace(b"host: x", b"connection: upgrade\r\nupgrade: h2c"),  # is not had; the answer is
        call(first=b"connection: close\r\n"),
        call("/v2/models/touchy/infer", first=b"connection: close\r\n"),
        call("/v2/models/touchy/infer", first=b"connection: close\r\n", number=500) + LIVE,  # which is beyond the end
    ],
)
def test_a_connection_ends_when_the_client_wants_it(sidecar: Any, sent: bytes) -> None:
    with connected(sidecar) as connection:
        connection.sendall(sent)
        status, head, _ = answer(connection)
        assert (status, rest(connection)) == (200, b"") and b"\r\nconnection: close\r\n" in head


def test_a_client_that_closes_its_half_has_its_answer(sidecar: Any) -> None:
    for sent in (call(), call("/v2/models/touchy/infer", number=500)):
        with connected(sidecar) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            assert answer(connection)[0] == 200
            assert rest(connection) == b""


def test_head_has_no_body(sidecar: Any) -> None:
    with connected(sidecar) as connection:
        connection.sendall(LIVE.replace(b"GET", b"HEAD") + LIVE)
        received = connection.recv(65536)
        while received.count(b"\r\n\r\n") < 2:
            received += connection.recv(65536)
    first, second = received.split(b"\r\n\r\n", 1)
    assert first.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n") and b"\r\nallow: GET" in first
    assert second == LIVE_HEAD + b'\r\n{"live":true}'


CHUNKED = b"POST %b HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n" % INFER.encode()

BAD: List[Any] = [
    ("not HTTP", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    ("a length that is none", call().replace(b"\r\ncontent-length: ", b"\r\ncontent-length: x"), 400),
    ("two lengths", call(first=b"content-length: 3\r\n"), 400),
    ("endless headers", b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 400_000, 431),
    ("many headers", b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 100_000, 431),
    ("an endless path", b"GET /" + b"y" * 400_000, 431),
    ("an endless trailer", CHUNKED + b"0\r\nx: " + b"y" * 400_000, 431),
    ("an endless extension of a chunk", CHUNKED + b"2;" + b"y" * 400_000, 431),
    ("a chunk of no size", CHUNKED + b"x\r\n", 400),
    ("a length besides chunks", CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-length: 7\r\n\r\n", 1), 400),
    ("another protocol", call(first=b"connection: upgrade\r\nupgrade: h2c\r\n"), 400),
    ("a body beyond all limits", b"POST %b HTTP/1.1\r\ncontent-length: 300000000\r\n\r\n" % INFER.encode(), 400),
]


@pytest.mark.parametrize("sent, status", [pytest.param(*rest, id=what) for what, *rest in BAD])
def test_what_is_wrong_is_told_and_ends_the_connection(sidecar: Any, sent: bytes, status: int) -> None:
    with connected(sidecar) as connection:
        connection.sendall(sent)
        got, head, body = answer(connection)
        assert b"\r\nconnection: close\r\n" in head
        assert len(json.loads(body)["error"]) > 10
        connection.shutdown(socket.SHUT_WR)
        assert (got, rest(connection)) == (status, b"")
    assert sidecar.get("/v2/health/live")[0] == 200


def test_what_was_asked_before_it_is_answered_before_it(sidecar: Any) -> None:
    slow = call("/v2/models/touchy/infer", number=500)
    with connected(sidecar) as connection:
        connection.sendall(slow + LIVE + call(rows=2) + b"nonsense\r\n\r\n" + LIVE)
        assert [answer(connection)[0] for _ in range(4)] == [200, 200, 200, 400]
        connection.shutdown(socket.SHUT_WR)
        assert rest(connection) == b""


def test_a_body_that_grows_beyond_all_limits_is_refused(sidecar: Any) -> None:
    piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with connected(sidecar) as connection:
        connection.sendall(CHUNKED)
        for _ in range(257):
            connection.sendall(piece)
        status, head, body = answer(connection)
    assert status == 400 and b"\r\nconnection: close\r\n" in head
    assert json.loads(body)["error"] == "The body is larger than 268435456 bytes. Send fewer rows at once."


def test_a_refused_call_does_not_end_the_connection(sidecar: Any) -> None:
    with connected(sidecar) as connection:
        connection.sendall(call("/v2/models/nobody/infer") + call(INFER + "/more") + call())
        assert [answer(connection)[0] for _ in range(3)] == [404, 404, 200]


def test_a_client_that_reads_nothing_holds_up_nobody(sidecar: Any) -> None:
    with connected(sidecar) as lazy:
        lazy.settimeout(1)
        with pytest.raises(socket.timeout):
            while True:
                lazy.sendall(LIVE * 1000)
        started = time.monotonic()
        assert sidecar.get("/v2/health/live")[0] == 200
        assert time.monotonic() - started < 1


def test_a_slow_reader_has_all_its_answers_in_the_end(sidecar: Any) -> None:
    calls = 4000  # whose answers, 6 MB, are more than sockets and buffers hold
    asked = b"GET /v2/models/small HTTP/1.1\r\nhost: x\r\n\r\n" * calls
    with connected(sidecar) as slow:
        sender = threading.Thread(target=slow.sendall, args=(asked,))
        sender.start()
        time.sleep(0.5)
        received = slow.makefile("rb")
        assert {status_of(received) for _ in range(calls)} == {200}
        sender.join()


def status_of(received: Any) -> int:
    status = int(received.readline().split()[1])
    length = 0
    for line in iter(received.readline, b"\r\n"):
        if line.startswith(b"content-length: "):
            length = int(line[16:])
    assert len(received.read(length)) == length
    return status


@pytest.mark.skipif(sys.version_info < (3, 8), reason="its uvloop, 0.18, hears of a reset only when it writes")
def test_calls_of_clients_that_left_are_not_computed(raising: Any) -> None:
    with Sidecar(raising) as own:
        own.wait_until_ready()
        for _ in range(10):  # a second each
            connected_and_gone(own, call("/v2/models/touchy/infer", number=500))
        started = time.monotonic()
        with connected(own) as connection:
            connection.sendall(call("/v2/models/touchy/infer"))
            assert answer(connection)[0] == 200
        assert time.monotonic() - started < 5


def test_the_end_waits_for_calls_that_have_begun_to_come(raising: Any) -> None:
    sent = call("/v2/models/touchy/infer")
    with Sidecar(raising) as own:
        own.wait_until_ready()
        with connected(own) as idle, connected(own) as half, connected(own) as computed:
            computed.sendall(call("/v2/models/touchy/infer", number=500))
            half.sendall(sent[:-1])
            time.sleep(0.2)
            own.process.send_signal(signal.SIGTERM)
            assert rest(idle) == b""
            assert socket.socket().connect_ex(("127.0.0.1", own.port)) != 0
            half.sendall(sent[-1:])
            for connection in (half, computed):
                status, head, _ = answer(connection)
                assert status == 200 and b"\r\nconnection: close\r\n" in head
        assert own.process.wait(5) == 0


def test_clients_that_leave_take_nothing_with_them(sidecar: Any) -> None:
    for sent in (call()[:-1], call("/v2/models/touchy/infer", number=500), LIVE[:-1]):
        connected_and_gone(sidecar, sent)
    assert sidecar.post(INFER, {"inputs": []})[0] == 400


def connected_and_gone(sidecar: Any, sent: bytes) -> None:
    connection = connected(sidecar)
    connection.sendall(sent)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not an end
    connection.close()


def test_many_clients_at_once_have_each_its_own_answer(sidecar: Any) -> None:
    wrong: list = []

    def client(rows: int) -> None:
        with connected(sidecar) as connection:
            for _ in range(20):
                connection.sendall(call(rows=rows))
                status, _, body = answer(connection)
                if (status, id_of(body)) != (200, str(rows)):
                    wrong.append((status, rows))

    threads = [threading.Thread(target=client, args=(rows,)) for rows in range(1, 17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class Idle:
    """A transport and its loop at a time of ours."""

    now, ended = 0.0, False

    def time(self) -> float:
        return self.now

    def is_closing(self) -> bool:
        return self.ended

    def write(self, data: bytes) -> None:
        pass

    def abort(self) -> None:
        self.ended = True


def test_a_connection_is_idle_from_its_last_answer_on() -> None:
    idle = Idle()
    connection = Connection(Never(), idle, set())  # type: ignore[arg-type]
    connection.connection_made(idle)
    connection.data_received(LIVE)
    call, idle.now = connection.answering, 100.0
    assert call is not None
    connection.close_if_idle(since=25.0)
    assert not idle.ended
    connection.reply(call, as_json(200, {}))
    connection.close_if_idle(since=25.0)
    assert not idle.ended
    connection.close_if_idle(since=100.1)
    assert idle.ended


class Never:
    """Answers nothing by itself."""

    def open(self, call: Any) -> None:
        pass

    def answer(self, *_: Any) -> None:
        pass
