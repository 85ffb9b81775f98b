#!/usr/bin/env python3
"""Checks a vote:  verify.py BOARD [--head MARK]... [--previous OLD] [--openings FILE]

BOARD and OLD: a bundle (.zip) or its board.json. Ends with 0: all holds, 1: not so, 2: unreadable."""
import argparse
import hashlib
import json
import zipfile
from collections import Counter

KINDS = {"open", "slips", "void", "vote", "paper", "hands", "account", "override", "close", "result"}

def read(path):
    data = zipfile.ZipFile(path).read("board.json") if zipfile.is_zipfile(path) else open(path, "rb").read()  # noqa
    return json.loads(data)

def text(thing):
    return json.dumps(thing, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

def sha256(data):
    return hashlib.sha256(data).hexdigest()

def heads_of(entries):
    heads = [sha256(text(entries[0]))]
    for entry in entries[1:]:
        heads.append(sha256(bytes.fromhex(heads[-1]) + text(entry)))
    return heads

def marks_of(choices):
    return choices if isinstance(choices, dict) else dict.fromkeys(choices, 1)

def allowed(choices, rules):
    marks, costs = marks_of(choices), dict(zip(rules["options"], rules.get("costs", []), strict=False))
    return (len(marks) == len(choices) and rules["min_choices"] <= len(marks) <= rules["max_choices"]
            and isinstance(choices, dict) == (rules["method"] == "star") and set(marks) <= set(rules["options"])
            and all(mark in (1, 2) for mark in marks.values()) and sum(marks.values()) <= len(marks) + 1
            and (not costs or sum(costs[option] for option in marks) <= rules["budget"]))

def verify(board, held=(), previous=None, openings=None, say=print):
    answers = []
    def check(sentence, holds):
        answers.append(bool(holds))
        say(f"{'holds' if holds else 'DOES NOT HOLD'}: {sentence}")
    entries, slips, heads = board["entries"], board["slips"], heads_of(board["entries"])
    rules, result, kinds = entries[0], entries[-1], [entry["kind"] for entry in entries]
    why = "".join(f" This vote was annulled: {one.get('why')!r}." for one in entries if one["kind"] == "annul")
    check(f"The board opens once, closes once, ends with one result, and holds nothing unknown.{why}",
          kinds[0] == "open" and kinds[-1] == "result" and [*map(kinds.count, ("open", "close", "result"))] == [1, 1, 1]
          and set(kinds) <= KINDS)
    check("The slips are those that were fixed when the vote opened.", len(set(slips)) == len(slips)
          and rules["slips"] == {"count": len(slips), "list": sha256("\n".join(sorted(slips)).encode())})
    good, last, strangers, papers = set(slips), {}, 0, Counter()
    for entry in entries:
        kind, tag = entry["kind"], entry.get("tag")
        good = good | set(entry["tags"]) if kind == "slips" else good - {tag} if kind == "void" else good
        if kind in ("vote", "paper"):
            strangers += tag not in good and (kind == "vote" or tag[:6] != "paper:" or tag in last)
            papers[entry.get("place")] += kind == "paper"
            last[tag] = entry.get("commit")
    check("Every vote is by a slip that was good at that moment, and no paper counts twice.", not strangers)
    after = kinds[kinds.index("close"):] if "close" in kinds else kinds
    check("After the close there is no vote and no slip.", not {"vote", "slips", "void"} & set(after))
    check("At every place the papers add up, or the board says why not.", all(
        papers[at["place"]] == at["cast"] and (at["why"] or at["issued"] == at["cast"] + at["spoiled"] + at["unused"])
        for at in entries if at["kind"] == "account"))
    commits, hands = sorted(filter(None, last.values())), [one for one in entries if one["kind"] == "hands"]
    ballots, most = len(commits) + sum(one["present"] for one in hands), 2 if rules["method"] == "star" else 1
    check(f"The result counts {ballots} ballots, as many as the board holds.", result.get("ballots") == ballots)
    check("Its totals are of the options on the ballot, none more than so many ballots can give.", all(
        option in rules["options"] and 0 <= n <= most * ballots for option, n in result.get("totals", {}).items()))
    for mark in held:
        check(f"Your mark {mark} is on this board.", len(mark) > 7 and any(head.startswith(mark) for head in heads))
    if previous:
        check("Your older copy is the beginning of this board.",
              entries[:len(previous["entries"])] == previous["entries"] and slips == previous["slips"])
    if openings:
        opened = [one["choices"] for one in openings["openings"]]
        check("Every ballot of the board was opened, each once.", commits == sorted(
            sha256(bytes.fromhex(one["nonce"]) + text(one["choices"])) for one in openings["openings"]))
        check("Every opened ballot is one that the rules allow.", all(allowed(choices, rules) for choices in opened))
        sums = sum(map(Counter, [*map(marks_of, opened), *(one["totals"] for one in hands)]), Counter())
        check("The totals are what the ballots say.", sums == +Counter(result.get("totals")))
    say(f"Not checked: {'' if openings else 'that the totals are what the ballots say (see --openings); '}"
        f"{'' if held else 'that others saw this same board (give a mark of a receipt: --head); '}that each voter was"
        f" one person, and that nobody was watched or paid.\nThe last mark of this board: {heads[-1]}")
    return all(answers)

if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--head", action="append", default=[])
    for name in ("board", "--previous", "--openings"):
        words.add_argument(name)
    given = words.parse_args()
    try:
        files = [path and read(path) for path in (given.board, given.previous, given.openings)]
        raise SystemExit(0 if verify(files[0], given.head, *files[1:]) else 1)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"This file cannot be read as a board: {error!r}")
        raise SystemExit(2) from None
