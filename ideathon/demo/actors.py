"""Everybody who plays the demo day, each with a browser of their own, and what they can do with the pages they see."""

from __future__ import annotations

import uuid
from typing import Any

import socketio
from socketio.exceptions import ConnectionError as NoSocket, TimeoutError as NoAnswer

from . import data
from .browser import Browser, Page, PlayFailed, Value
from .data import Row, engure
from .links import Links

SECONDS = 20


class Actors:
    """The village, the jury, the host and the manager; and the public names that they learn on the way."""

    def __init__(self, base: str, links: Links) -> None:
        self.base, self.links = base.rstrip("/"), links
        self.event = f"/e/{links.code}"
        self.host, self.manager = Browser(base, "en"), Browser(base, "en")
        self.helper = Browser(base)
        self.jurors = {name: Browser(base) for name in links.jurors}
        self.mentors = {name: Browser(base) for name in links.mentors}
        self.phones: dict[int, Browser] = {n: Browser(base, data.language(n)) for n in range(1, data.headcount() + 1)}
        self.refs: dict[str, str] = {}          # I01, N1, C1 …: the name in addresses
        self.slips: dict[str, str] = {}         # a ballot's slip: its code

    def everybody(self) -> list[Browser]:
        """All browsers."""
        desk = [self.host, self.manager, self.helper]
        return [*desk, *self.jurors.values(), *self.mentors.values(), *self.phones.values()]

    def follow_link(self, who: Browser, secret: str) -> None:
        """A personal link is opened and gone on with."""
        who.send(who.open(f"/i/{secret}"), f"/i/{secret}")

    def desk(self) -> Page:
        """The host's desk as it is now."""
        return self.host.open(f"{self.event}/desk")

    def news(self, want: str) -> dict[str, Any]:
        """Facts as the host's page would fetch them."""
        found: dict[str, Any] = self.host.json(f"{self.event}/news?want={want}")["slices"]
        return found

    def check_beginning(self) -> None:
        """The day has not begun.

        Raises:
            PlayFailed: it has.
        """
        now = self.news("gathering.stage")["gathering.stage"]
        if now["stage"] or now["over"]:
            raise PlayFailed("The day has begun already. Play it on a fresh database: ideathon run --database play.db")

    def learn_the_map(self) -> None:
        """The names of needs, resources and challenges, found by their words."""
        rows = [*engure()["needs"], *engure()["resources_and_skills"], *engure()["challenges"]]
        named = {row["text"]["en"]: row["id"] for row in rows}
        for fact in self.news("mapping.item,mapping.challenge").values():
            if name := named.get(fact["text"].get("en", "")):
                self.refs[name] = fact["ref"]

    def find_slips(self) -> None:
        """Codes for the vote: from the load, or from the sheet that the host draws and prints."""
        codes = list(self.links.slips)
        if not codes:
            page = self.host.open(f"{self.event}/slips")
            codes = self.host.send(page, "/slips", n=str(engure()["vote_round"][data.ISSUED])).codes
        self.slips = dict(zip(dict.fromkeys(slip for slip, _ in data.phone_ballots()), codes, strict=False))

    def next_stage(self) -> None:
        """The amber button."""
        self.host.send(self.desk(), "/desk/next")

    def join(self, number: int) -> None:
        """A resident scans the code, writes a name, ticks the box."""
        phone, address = self.phones[number], f"/j/{self.links.code}"
        phone.send(phone.open(address), address, name=data.resident(number), notice="y")

    def support(self, number: int, name: str) -> None:
        """Me too."""
        phone = self.phones[number]
        phone.send(phone.open(f"{self.event}/map"), f"/map/{self.refs[name]}/support")

    def add_idea(self, number: int, row: Row) -> None:
        """An idea is typed: by its author, or from a paper form by the host."""
        writer = self.host if row["channel"] == "paper" else self.phones[number]
        typed: dict[str, Value] = {
            "challenge": self.refs[row["challenge"]], "title": row["title"]["lv"], "summary": row["summary"]["lv"],
            "uses": [self.refs[name] for name in row["uses_assets"]], "own": _euros(row["own_contribution_cents"])}
        for place, line in enumerate(row["cost_lines"]):
            typed[f"costs-{place}-label"] = line["label"]["lv"]
            typed[f"costs-{place}-amount"] = _euros(line["amount_cents"])
        page = writer.open(f"{self.event}/ideas/new")
        answer = writer.send(page, f"{self.event}/ideas", **typed)
        self.refs[row["id"]] = answer.location.partition("/ideas/")[2].partition("?")[0]

    def join_team(self, number: int, idea: str) -> None:
        """A resident joins a team."""
        phone, address = self.phones[number], f"{self.event}/ideas/{self.refs[idea]}"
        phone.send(phone.open(address), f"{address}/team")

    def speak(self, who: Browser, idea: str, kind: str, text: str) -> None:
        """Words under an idea, by socket, and the answer that they are stored."""
        socket = socketio.Client(reconnection=False, logger=False)
        ticket = who.json(f"{self.event}/ticket")["ticket"]
        try:
            socket.connect(self.base, headers={"Cookie": who.cookies}, auth={"ticket": ticket},
                           transports=["websocket"], wait_timeout=SECONDS)
            said = {"idea": self.refs[idea], "text": text, "kind": kind, "parent": None, "key": uuid.uuid4().hex}
            answer = socket.call("comment:add", said, timeout=SECONDS)
        except (NoSocket, NoAnswer) as error:
            raise PlayFailed(f"The socket of a comment did not answer: {type(error).__name__} {error}") from error
        finally:
            socket.disconnect()
        if "stored" not in answer:
            raise PlayFailed(f"A comment was refused: {answer}")

    def declare(self, juror: str) -> None:
        """Conflicts with their reasons, or none for all."""
        who, found = self.jurors[juror], data.conflicts_of(juror)
        page = who.open(f"{self.event}/jury/declare")
        if found:
            reasons = {f"reason-{self.refs[idea]}": reason for idea, reason in found.items()}
            who.send(page, "/jury/declare", conflict=[self.refs[idea] for idea in found], **reasons)
        else:
            who.send(page, "/jury/declare", none="all")

    def score(self, juror: str, idea: str, points: dict[str, int]) -> None:
        """One sheet, criterion by criterion, as the taps are saved."""
        who, address = self.jurors[juror], f"{self.event}/jury/{self.refs[idea]}"
        page = who.open(address)
        for criterion, value in points.items():
            who.send(page, f"{address}/score", {"criterion": criterion}, points=str(value))

    def show_pitch(self, idea: str) -> None:
        """The host puts a pitch on the screen."""
        self.host.send(self.desk(), "/desk/screen", {"scene": "pitch"}, idea=self.refs[idea])

    def vote(self, slip: str, ballot: Row) -> None:
        """A slip is scanned; its ballot is filled in and sent. It is nobody's: the browser is a fresh one."""
        phone = Browser(self.base)
        page = phone.send(phone.open("/b"), "/b", code=self.slips[slip])
        phone.send(page, "/b/cast", choice=[self.refs[idea] for idea in ballot["choices"]])
        phone.close()

    def read_paper(self, who: Browser, ballot: Row) -> None:
        """The host or the helper reads a paper ballot."""
        page = who.open(f"{self.event}/paper")
        who.send(page, f"{self.event}/paper", serial=ballot["serial"], place=data.place_of(ballot),
                 channel=ballot["channel"], void_reason=ballot.get("void_reason", ""),
                 choices=[self.refs[idea] for idea in ballot["choices"]])

    def account(self, place: str, issued: int, unused: int) -> None:
        """The host writes what became of the papers of a place."""
        page = self.host.open(f"{self.event}/paper/accounts")
        self.host.send(page, "/paper/accounts", place=place, issued=str(issued), spoiled="0", unused=str(unused))

    def seal(self) -> None:
        """The host seals the result."""
        self.host.send(self.desk(), f"{self.event}/seal")

    def reveal(self) -> None:
        """One place more for the hall."""
        self.host.send(self.desk(), f"{self.event}/reveal")

    def award(self) -> None:
        """The manager records decision, award and the first milestone."""
        winner = engure()["expected"]["winner"]
        page = self.manager.open(f"{self.event}/award")
        self.manager.send(page, "/award", idea=self.refs[winner["idea"]], body=data.BODY,
                          amount=_euros(winner["awarded_cents"]), milestone_title=data.MILESTONE,
                          milestone_due=data.MILESTONE_DUE, milestone_amount=_euros(data.MILESTONE_CENTS))


def _euros(cents: int) -> str:
    """A sum as people here write it: 2 900,00."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02}"
