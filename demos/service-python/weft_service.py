"""A Weft world from Python, standard library only:  python3 weft_service.py HOMESERVER MATRIX_TOKEN ROOM_ID"""
import json, secrets, sys
from urllib.parse import quote
from urllib.request import Request, urlopen

QUIET = quote('{"room":{"rooms":[]},"presence":{"types":[]}}')


def call(method, url, token="", body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return urlopen(Request(url, None if body is None else json.dumps(body).encode(), headers, method=method), timeout=60)


class World:
    """One world, with the rights of the user whose token is given, over the relay that the world names first."""

    def __init__(self, homeserver, token, room):
        matrix = lambda method, path, body=None: json.load(call(method, f"{homeserver}/_matrix/client/v3/{path}", token, body))
        relay = matrix("GET", f"rooms/{quote(room)}/state/world.weft.world")["relays"][0]["user_id"]
        nonce, device = secrets.token_urlsafe(24), matrix("GET", "account/whoami")["device_id"]
        request = {"room_id": room, "member_id": nonce, "nonce": nonce, "device_id": device, "purpose": "service"}
        since, answers = matrix("GET", f"sync?filter={QUIET}")["next_batch"], []
        matrix("PUT", f"sendToDevice/world.weft.ticket_request/{nonce}", {"messages": {relay: {"*": request}}})
        while not answers:
            news = matrix("GET", f"sync?filter={QUIET}&timeout=30000&since={quote(since)}")
            since, mail = news["next_batch"], news.get("to_device", {}).get("events", [])
            answers = [m["content"] for m in mail if m["sender"] == relay and m["content"].get("nonce") == nonce]
        if "ticket" not in answers[0]:
            raise PermissionError(answers[0]["reason"])
        self.url = answers[0]["url"].replace("ws", "http", 1) + "/v1/"
        self.token = json.load(call("POST", self.url + "session", body={"ticket": answers[0]["ticket"]}))["token"]
        self.url += f"worlds/{quote(room)}/"

    def post(self, name, body):  # query, edit, say
        return json.load(call("POST", self.url + name, self.token, body))

    def live(self, query):
        lines = call("GET", f"{self.url}live?query={quote(json.dumps(query))}", self.token)
        return (json.loads(line[6:]) for line in lines if line.startswith(b"data: "))


if __name__ == "__main__":
    print(json.dumps(World(*sys.argv[1:4]).post("query", {"limit": 20}), indent=2))
