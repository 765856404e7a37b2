"""The rules for spam."""

from __future__ import annotations

import re

from sentiment.analysis.rules import table

# Spam: steers readers to a channel, a shop, an adviser or a contact. What else such a comment
# says ("I love your videos") is bait, so it carries no other intent.

_OWN = (
    r"(?:channel|chanel|chann?els|videos?|vids?|vidios?|music|page|songs?|covers?"
    r"|blog|website|site|profile|mixtape|store|shop|instagram|insta|stream|playlist"
    r"|etsy|youtube|yt)"
)
SPAM = table(
    (
        "my our",
        (
            r"\b(?:check(?:ing)?|look(?:ing)?|visit|view|watch|listen|see|go|come"
            r"|follow|support|subscribe|sub|join)\b[^.?!]{0,25}"
            rf"\b(?:my|our) (?:\w+ ){{0,2}}{_OWN}\b"
        ),
    ),
    (
        "subscribe sub subs sub4sub subscribers subscriber",
        (
            r"\bsub(?:scribe)? ?(?:4|for) ?sub|\bsub4sub\b|\bsub(?:scribe)? (?:to|on) (?:me|my)\b"
            r"|\bsubscribe (?:me|and i|i'll|back)\b|\bneed (?:more )?sub(?:scriber)?s\b"
            r"|\b(?:please|pls|plz) sub(?:scribe)?\b|\bsubscribe (?:if you|for me)\b"
            r"|\b(?:if i get|at|help me (?:get|reach|hit)) \d+k? sub"
        ),
    ),
    (
        "youtube",
        r"\b(?:check out|take a look at) this (?:video|playlist) on youtube\b",
    ),
    (
        "http",
        (
            r"^\W*(?:[\w']+\W+){0,3}http\W*(?:[\w']+\W*){0,3}$"
            r"|\b(?:click|visit|join|sign up|free|earn|win|buy|order|shop|discount"
            r"|promo|follow|download|donate|vote)\b[^.?!]{0,60}\bhttp\b"
            r"|\bhttp\W+(?:click|visit|join|follow|check|free)\b"
        ),
    ),
    (
        "comment",
        r"^\W*like this comment\b",
    ),
    (
        "follow",
        r"\bfollow me (?:on|at)\b|\b(?:please|pls|plz) follow (?:me|this channel)\b",
    ),
    (
        "money",
        (
            r"\b(?:earn|make|making|earning) (?:\w+ )?money (?:online|from home|fast"
            r"|by internet)\b|\b(?:earn|free) (?:\w+ )?money\b[^.?!]{0,40}\bhttp\b"
        ),
    ),
    (
        "gofundme gift",
        r"\bgofundme\b|\bfree gift ?cards?\b",
    ),
    (
        "whatsapp telegram",
        (
            r"\b(?:on|via|her|his|my|our|through|at) (?:whatsapp|telegram)\b"
            r"|\b(?:whatsapp|telegram)\W{0,4}\d"
        ),
    ),
    (
        (
            "advlsor advlsors advis0r advis0rs advisr adviser advisers advisor advisors cfa "
            "advisory broker brokerage"
        ),
        (
            r"\badv(?:lsor|is0r|isr)s?\b"
            r"|\b(?:my|your|her|recommend a|recommend an|brokerage|get a) (?:financial "
            r"|investment |brokerage |fiduciary )?(?:advis[oe]rs?|cfa|broker)\b"
            r"|\brole of (?:financial )?advis[oe]rs\b|\badvisory service\b"
        ),
    ),
    (
        "portfolio investing investment consulting financial invest markets finance returns",
        (
            r"\b(?:expert|professional|manage|managing|managers?|rebalance|reshape)\b[^.?!]{0,50}\bportfolio\b"
            r"|\bportfolio managers?\b|\bbackground in investing\b|\bconsulting page\b"
            r"|\bfinancial (?:market )?expert(?:ise)?\b"
            r"|\bmy (?:[\w$]+ )?portfolio\b[^.?!]{0,40}(?:\bdown\b|\bgrown\b|\badvi[cs]e\b"
            r"|%|\$\d)"
        ),
    ),
    (
        "name web her him page looked",
        (
            r"\bsearched (?:\w+ ){0,3}(?:by )?(?:her|his) (?:full )?name\b"
            r"|\b(?:looked|look) (?:her|him) up\b"
            r"|\b(?:looked|searched) (?:her|his) (?:web ?site|web ?page|name)\b"
        ),
    ),
)

# The made-up shop names of counterfeiters, in YouTube's bold: "*jklux*", "*condup*".
BRANDS = re.compile(r"\*[\s_]?[a-z]{2,10}(?:lux[a-z]{0,5}|dup[a-z]{0,2}|bags)[\s_]?\*")
