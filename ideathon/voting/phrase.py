"""Two words of the coast that slip, phone and big screen show alike, so that a stranger's poster is noticed."""

from __future__ import annotations

import hashlib

WORDS = (
    "kaija", "bāka", "laiva", "vilnis", "kāpa", "priede", "osta", "enkurs", "zvejnieks", "tīkls", "bura", "airis",
    "jūra", "smilts", "akmens", "gliemene", "dzintars", "vējš", "migla", "rīts", "pludmale", "niedre", "gārnis", "zīle",
    "ezers", "upe", "tilts", "mols", "bute", "menca", "reņģe", "zutis", "roņi", "lasis", "kaste", "muca",
    "dūmi", "krasts", "liedags", "virve", "mezgls", "stūre", "kompass", "karte", "zvaigzne", "mēness", "saule",
    "lietus", "sniegs", "ledus", "alksnis", "bērzs", "ozols", "kadiķis", "rasa", "sūna", "ķērpis", "sēne", "oga",
    "medus", "maize", "sāls", "svece", "pavards",
)


def of(round_id: int, gathering_code: str) -> str:
    """The phrase of one round."""
    mark = hashlib.sha256(f"phrase-v1|{gathering_code}|{round_id}".encode()).digest()
    first, second = mark[0] % len(WORDS), mark[1] % (len(WORDS) - 1)
    return f"{WORDS[first]} {WORDS[second if second < first else second + 1]}"
