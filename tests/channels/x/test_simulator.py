"""The simulator is X for us: its paths, shapes, limits and refusals, asked for as X's documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tafaul.channels.x import oauth
from tafaul.channels.x.simulator.server import Options, running

PACK = Path(__file__).resolve().parents[3] / "src/tafaul/packs/sa"
SECRET = b"simulated-consumer-secret"


@pytest.fixture
def finance(x) -> dict[str, str]:
    return x.add_account("Tafaul_Finance", "العناية بالعملاء")


@pytest.fixture
def ask(x, finance):
    """Ask as the account: `ask("GET", "/2/users/me")`."""

    def ask(method: str, path: str, **more: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {finance['access_token']}"}
        return requests.request(method, x.url + path, headers=headers, timeout=10, **more)

    return ask


def test_who_am_i(ask, finance):
    data = ask("GET", "/2/users/me").json()["data"]
    assert data == {"id": finance["external_id"], "name": "العناية بالعملاء", "username": "Tafaul_Finance"}
    assert ask("GET", f"/2/users/{data['id']}").json()["data"] == data
    assert ask("GET", "/2/users/by/username/tafaul_finance").json()["data"] == data


def test_nobody_without_a_token(x):
    answer = requests.get(f"{x.url}/2/users/me", timeout=10)
    assert answer.status_code == 401
    assert answer.json()["title"] == "Unauthorized"


def test_fields_come_only_when_asked_for(x, ask, finance):
    (written,) = x.write("Tafaul_Finance", "راتبي")
    path = f"/2/users/{finance['external_id']}/mentions"
    assert set(ask("GET", path).json()["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    told = ask("GET", path, params={"tweet.fields": "author_id,created_at", "expansions": "author_id"}).json()
    assert told["data"][0]["id"] == written
    assert told["includes"]["users"][0]["username"] == "abu_fahad"


def test_pages_go_on_by_token_and_count_their_calls(x, ask, finance):
    written = x.write("Tafaul_Finance", *[f"تغريدة {n}" for n in range(25)])
    path, seen, token = f"/2/users/{finance['external_id']}/mentions", [], None
    for _page in range(3):
        answer = ask("GET", path, params={"max_results": 10, **({"pagination_token": token} if token else {})})
        seen += [post["id"] for post in answer.json()["data"]]
        token = answer.json()["meta"].get("next_token")
    assert seen == written[::-1]
    assert token is None
    assert answer.headers["x-rate-limit-limit"] == "300"
    assert answer.headers["x-rate-limit-remaining"] == "297"
    assert int(answer.headers["x-rate-limit-reset"]) > time.time()


def test_a_wrong_parameter_is_refused_as_x_does(ask, finance):
    answer = ask("GET", f"/2/users/{finance['external_id']}/mentions", params={"max_results": 1000})
    assert answer.status_code == 400
    assert "max_results" in answer.json()["errors"][0]["message"]


def test_the_limit_of_a_window_is_kept(x, ask):
    answers = [ask("GET", "/2/dm_events") for _call in range(16)]
    assert [answer.status_code for answer in answers] == [200] * 15 + [429]
    assert answers[-1].json()["title"] == "Too Many Requests"


def test_the_timeline_reaches_800_posts(x, ask, finance):
    x.write("Tafaul_Finance", *[f"تغريدة {n}" for n in range(850)])
    path, seen, token = f"/2/users/{finance['external_id']}/mentions", 0, None
    while True:
        page = ask(
            "GET", path, params={"max_results": 100, **({"pagination_token": token} if token else {})}
        ).json()
        seen += page["meta"]["result_count"]
        if not (token := page["meta"].get("next_token")):
            break
    assert seen == 800


def test_the_same_words_twice_are_refused(ask):
    assert ask("POST", "/2/tweets", json={"text": "إعلان"}).status_code == 201
    again = ask("POST", "/2/tweets", json={"text": "إعلان"})
    assert (again.status_code, "duplicate" in again.json()["detail"]) == (403, True)


def test_a_reply_to_a_post_that_is_gone_is_refused(ask):
    body = {"text": "رد", "reply": {"in_reply_to_tweet_id": "123"}}
    assert ask("POST", "/2/tweets", json=body).status_code == 403


def test_a_citizen_s_reply_under_the_account_s_post_is_hidden(x, ask):
    own = ask("POST", "/2/tweets", json={"text": "إعلان الدوام"}).json()["data"]["id"]
    (insult,) = x.write("Tafaul_Finance", "شتيمة", in_reply_to=own)
    assert ask("PUT", f"/2/tweets/{insult}/hidden", json={"hidden": True}).json() == {"data": {"hidden": True}}


def test_an_owner_allows_the_app_and_its_tokens_rotate(x, finance):
    page, verifier = oauth.authorization(f"{x.url}/i/oauth2/authorize", "app", "http://desk.example/back", "s1")
    assert "Tafaul_Finance" in requests.get(page, timeout=10).text
    sent_back = requests.get(f"{page}&as=Tafaul_Finance", timeout=10, allow_redirects=False).headers["location"]
    query = parse_qs(urlsplit(sent_back).query)
    assert query["state"] == ["s1"]
    told = {"code": query["code"][0], "redirect_uri": "http://desk.example/back", "verifier": verifier}
    credentials = oauth.exchange(x.url, "app", "", **told)
    fresh = oauth.refresh(x.url, "app", "", credentials.refresh_token)
    assert fresh.access_token != credentials.access_token
    with pytest.raises(Exception, match="connect the account again"):
        oauth.exchange(x.url, "app", "", **told)
    with pytest.raises(Exception, match="connect the account again"):
        oauth.refresh(x.url, "app", "", credentials.refresh_token)


def test_a_code_without_its_verifier_is_worthless(x, finance):
    page, _verifier = oauth.authorization(f"{x.url}/i/oauth2/authorize", "app", "http://desk.example/back", "s1")
    location = requests.get(f"{page}&as=Tafaul_Finance", timeout=10, allow_redirects=False).headers["location"]
    code = parse_qs(urlsplit(location).query)["code"][0]
    with pytest.raises(Exception, match="connect the account again"):
        oauth.exchange(x.url, "app", "", code=code, redirect_uri="http://desk.example/back", verifier="guessed")


class Hook(BaseHTTPRequestHandler):
    """A webhook that answers the CRC check and keeps what it is given."""

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query)["crc_token"][0]
        digest = hmac.new(self.server.secret, token.encode(), hashlib.sha256).digest()
        self._answer({"response_token": "sha256=" + base64.b64encode(digest).decode()})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.given.append((self.headers["x-twitter-webhooks-signature"], body))
        self._answer({})

    def _answer(self, document: dict) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook():
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.secret, server.given = SECRET, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def register(x, hook) -> requests.Response:
    return requests.post(
        f"{x.url}/2/webhooks",
        json={"url": f"http://127.0.0.1:{hook.server_port}/x"},
        headers={"Authorization": "Bearer simulated-app-token"},
        timeout=10,
    )


def test_a_webhook_passes_its_check_and_gets_signed_posts_and_messages(x, finance, hook):
    assert register(x, hook).status_code == 201
    x.write("Tafaul_Finance", "راتبي")
    x.write("Tafaul_Finance", "رقم الطلب 88", private=True)
    deadline = time.monotonic() + 5
    while len(hook.given) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    kinds = set()
    for signature, body in hook.given:
        assert signature == "sha256=" + base64.b64encode(hmac.new(SECRET, body, hashlib.sha256).digest()).decode()
        kinds.add(json.loads(body)["data"]["event_type"])
    assert kinds == {"post.mention.create", "dm.received"}


def test_a_webhook_that_fails_its_check_is_refused(x, hook):
    hook.secret = b"another"
    assert register(x, hook).json()["title"] == "CrcValidationFailed"


def test_what_was_written_is_there_after_a_restart(tmp_path):
    options = Options(data=tmp_path, accounts=[{"body": "finance", "handle": "Tafaul_Finance", "name": "المالية"}])
    told = [{"author": "abu_fahad", "to": "Tafaul_Finance", "text": "قبل التوقف"}]
    with running(options) as url:
        (written,) = requests.post(f"{url}/control/posts", json=told, timeout=10).json()
    with running(options) as url:
        (post,) = requests.get(f"{url}/control/posts?account=Tafaul_Finance", timeout=10).json()
    assert post["id"] == written


def test_citizens_live_and_the_same_seed_writes_the_same_words():
    accounts = [{"body": body, "handle": f"Tafaul_{body}", "name": body} for body in ("finance", "commerce")]
    texts = []
    for _run in range(2):
        with running(Options(posts=PACK / "posts", accounts=accounts, rate=600, seed=7)) as url:
            deadline = time.monotonic() + 10
            while requests.get(f"{url}/control/state", timeout=10).json()["posts"] < 6:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            posts = requests.get(f"{url}/control/posts?account=Tafaul_finance", timeout=10).json()
        texts.append(posts[0]["text"])
    assert texts[0] == texts[1]
