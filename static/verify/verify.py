#!/usr/bin/env python3
"""Checks a vote:  verify.py BOARD [--head MARK]... [--previous OLD] [--openings FILE]
BOARD and OLD: a bundle (.zip) or its board.json. Ends with 0: all holds, 1: not so, 2: unreadable."""
import argparse
import hashlib
import json
import zipfile
from collections import Counter, defaultdict

KINDS = {"open", "slips", "void", "vote", "paper", "hands", "account", "override", "close", "result"}
def read(path):
    return json.loads(zipfile.ZipFile(path).read("board.json") if zipfile.is_zipfile(path) else open(path, "rb").read())
def text(thing):
    return json.dumps(thing, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
def mark_of(before, data):
    return hashlib.sha256(bytes.fromhex(before) + data).hexdigest()
def whole(numbers, least=0, most=float("inf")):
    return all(type(number) is int and least <= number <= most for number in numbers)
def allowed(choices, rules):
    marks, priced = Counter(choices), "costs" in rules or rules["method"] == "budget"
    costs = dict(zip(rules["options"], rules["costs"], strict=True)) if priced else {}
    return (type(choices) is (dict if rules["method"] == "star" else list) and set(marks) <= set(rules["options"])
            and rules["min_choices"] <= len(marks) <= rules["max_choices"] and whole(marks.values(), 1)
            and sum(marks.values()) <= len(marks) + (rules["method"] == "star")
            and whole(costs.values(), 1) and (not priced or sum(costs[option] for option in marks) <= rules["budget"]))
def raised(show, rules):
    crowd, hands = show["present"], show["totals"].values()
    return (rules["method"] == "approval" and set(show["totals"]) <= set(rules["options"]) and whole([crowd], 1)
            and whole(hands, 0, crowd) and crowd * rules["min_choices"] <= sum(hands) <= crowd * rules["max_choices"])

def verify(board, held=(), previous=None, openings=None, say=print):
    entries, slips, good, heads, last, odd = board["entries"], board["slips"], set(board["slips"]), [""], {}, 0
    rules, result, kinds, of = entries[0], entries[-1], [entry["kind"] for entry in entries], defaultdict(list)
    for entry in entries:
        kind, tag, commit = entry["kind"], entry.get("tag"), entry.get("commit", "")
        of[kind].append(entry)
        heads.append(mark_of(heads[-1], text(entry)))
        good |= set(entry["tags"]) if kind == "slips" else set()
        good -= {tag} if kind == "void" else set()
        if kind in ("vote", "paper"):
            again = tag in last and (rules.get("revote") is False or "paper" in (kind, last[tag][0]))
            known = tag in good or (kind == "paper" and tag[:6] == "paper:")
            odd += again or not known or type(commit) is not str or (kind, commit) == ("vote", "")
            last[tag] = kind, commit
    commits, hands = sorted(commit for _, commit in last.values() if commit), of["hands"]
    ballots, most = len(commits) + sum(show["present"] for show in hands), 2 if rules["method"] == "star" else 1
    papers, totals = Counter(paper["place"] for paper in of["paper"]), result.get("totals", {})
    told = {at["place"]: [at[name] for name in ("issued", "cast", "spoiled", "unused", "why")] for at in of["account"]}
    later = [tag for entry in of["slips"] for tag in entry["tags"]]
    void = {*slips, *later} & {entry["tag"] for entry in of["void"]}
    why = "".join(f" This vote was annulled: {one.get('why')!r}." for one in of["annul"])
    asked = [(f"The board opens once, closes once, ends with one result, and holds nothing unknown.{why}",
         kinds[0] == "open" and kinds[-1] == "result" and [*map(kinds.count, ("open", "close", "result"))] == [1, 1, 1]
         and set(kinds) <= KINDS),
        (f"Slips fixed at the opening: {len(slips)}, drawn later: {len(later)}, made void: {len(void)}; none twice.",
         len({*slips, *later}) == len([*slips, *later]) and text(rules["slips"]) == text(
             {"count": len(slips), "list": mark_of("", "\n".join(sorted(slips)).encode())})),
        ("Every vote is by a slip good at that time, and no slip or paper speaks again that may not.", not odd),
        ("After the close there is no vote and no slip.",
         {"vote", "slips", "void"}.isdisjoint(kinds["close" in kinds and kinds.index("close"):])),
        ("Every place with papers has one account, and it adds up or says why not.",
         {*papers} <= {*told} and len(told) == len(of["account"]) and all(
             whole([issued, cast, spoiled, unused]) and cast == papers[place]
             and (why > "" or issued == cast + spoiled + unused)
             for place, (issued, cast, spoiled, unused, why) in told.items())),
        ("Each place counted hands once at most, and as many as its people could raise.",
         len({show["place"] for show in hands}) == len(hands) and all(raised(show, rules) for show in hands)),
        (f"The result counts {ballots} ballots, as many as the board holds.",
         whole([result.get("ballots")], ballots, ballots)),
        ("Its totals are of the options on the ballot, none more than so many ballots can give.",
         set(totals) <= set(rules["options"]) and whole(totals.values(), 0, most * ballots)),
        *((f"Your mark {own} is on this board.", own[7:] and any(h.startswith(own) for h in heads)) for own in held),
        *(("Your older copy is the beginning of this board.", slips == older["slips"]
           and text(entries[:len(older["entries"])]) == text(older["entries"])) for older in [previous] if older)]
    if openings:
        opened, sums = openings["openings"], Counter()
        for choices in [*(one["choices"] for one in opened), *(show["totals"] for show in hands)]:
            sums.update(choices)
        asked += [("Every ballot of the board was opened, each once.", commits == sorted(
            mark_of(one["nonce"], text(one["choices"])) for one in opened)),
            ("Every opened ballot is one that the rules allow.", all(allowed(one["choices"], rules) for one in opened)),
            ("The totals are what the ballots say.", +sums == +Counter(totals))]
    for sentence, holds in asked:
        say(f"{'holds' if holds else 'DOES NOT HOLD'}: {sentence}")
    say(f"Not checked: {'' if openings else 'that the totals are what the ballots say (see --openings); '}"
        f"{'' if held else 'that others saw this same board (give a mark of a receipt: --head); '}that each voter was"
        f" one person, and that nobody was watched or paid.\nThe last mark of this board: {heads[-1]}")
    return all(holds for _, holds in asked)

if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, more in ("board", {}), ("--previous", {}), ("--openings", {}), ("--head", {"action": "append"}):
        words.add_argument(name, **more)
    given = words.parse_args()
    try:
        files = [path and read(path) for path in (given.board, given.previous, given.openings)]
        raise SystemExit(not verify(files[0], ["".join(mark.split()).lower() for mark in given.head or []], *files[1:]))
    except Exception as error:
        words.error(f"this file cannot be read as a board: {error!r}")
