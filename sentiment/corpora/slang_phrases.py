"""Phrases of another register than `synthetic_phrases`': how praise and complaint sound years on.

Pure data, for rehearsals of drift. Words turn: a skull and tears are laughter, "sick" is praise,
"mid" is none. A model that learned from older comments gets much of it wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentiment.labels import Label

# One phrase a line would hide the tables.
# fmt: off
SLOTS: Mapping[str, tuple[str, ...]] = {
    "it": (
        "the drop", "this verse", "the fit", "that beat switch", "the lore", "this edit",
        "the hook", "that bridge", "the cover", "this collab", "the whole set", "the bassline",
        "the intro", "track {count}", "the finale", "her flow", "his pen game", "the visuals",
        "that transition", "the outro", "the skit", "this tape", "that feature", "the choreo",
    ),
    "who": (
        "bro", "shawty", "unc", "lil man", "the goat", "my guy", "sis", "twin", "she", "he",
        "the squad", "the dj", "gang", "the new kid", "the plug", "mother",
    ),
    "fire": (
        "bussin", "gas", "heat", "busted my speakers", "sick", "filthy", "nasty", "insane",
        "stupid hard", "illegal", "disgusting in the best way", "crazy work", "a crime",
        "too cold", "unreal", "criminally hard", "dummy", "bonkers", "wild",
    ),
    "dust": (
        "mid", "chopped", "cooked", "buns", "cheeks", "wack", "sus", "a flop", "dust",
        "bland unc music", "npc behaviour", "a snoozefest", "goofy", "so pressed", "washed",
        "a nothing burger", "straight cap", "giving dollar store", "low vibrational", "dry",
    ),
    "lead": ("no cap", "fr fr", "on god", "deadass", "ngl", "chat", "yo", "lowkey", "highkey"),
    "wow": ("💀", "💀💀", "😭", "😭😭", "🫠", "🗿", "🐐", "🔥", "📈", "🤌"),
    "boo": ("🥱", "🧢", "📉", "🚮", "🤡", "💤", "🫤", "👎"),
    "huh": ("👀", "🤔", "📌", "🕰️", "🙋"),
}

TEMPLATES: Mapping[Label, tuple[str, ...]] = {
    Label.POSITIVE: (
        "{it} is {fire}", "{it} goes {fire}", "{who} ate that and left no crumbs",
        "{who} understood the assignment", "{it} slaps", "{it} hits different at {time}",
        "{it} got me acting up", "{who} did not have to go that hard on {it}",
        "i'm deceased, {it} was {fire}", "{it} lives in my head rent free",
        "not me crying over {it}", "{who} snapped on {it}", "stop, {it} is {fire}",
        "{it} broke me", "{who} is him", "common {who} W", "no skips, {it} is {fire}",
        "{who} cooked with {it}", "{it} murdered me", "i can't, {who} killed {it}",
        "{it} is a banger", "let {who} cook", "{it} rewired my brain", "main character energy",
    ),
    Label.NEGATIVE: (
        "{it} is {dust}", "{who} fell off", "{it} ain't it", "L take from {who}",
        "common {who} L", "{it} was {dust}, next", "{who} got ratioed for {it}",
        "who let {who} cook", "{it} is giving {dust}", "we been knew {who} is {dust}",
        "it's giving flop era, {it}", "{who} needs to touch grass", "{it} gave me the ick",
        "{who} is in the hall of fame of {dust}", "not {who} thinking {it} is fire",
        "{it} is {dust} and y'all clap like seals", "skip, {it} is {dust}", "{who} sold",
        "sir this is {dust}", "{it} is so bland it could be tap water", "pack it up {who}",
        "read the room, {it} is {dust}", "{who} crashed out on {it}", "negative aura for {it}",
    ),
    Label.NEUTRAL: (
        "who's pulling up from the stream?", "what's the sample at {time}",
        "is {it} on the deluxe", "{time} {it}", "chat is {it} real", "drop the link to {it}",
        "when does {who} drop the tape", "{who} posted {it} in {year}", "came from the short",
        "what mic is {who} on", "is {who} still on tour", "day {count} of asking for {it}",
        "timestamp for {it} is {time}", "who produced {it}", "{it} starts at {time}",
        "does {who} have a second channel", "part {count} of {it} when", "{it} is {count} bpm",
        "which plugin is on {it}", "anyone from the discord", "{who} recorded {it} in {year}",
    ),
}
EMOJI = {Label.POSITIVE: "{wow}", Label.NEGATIVE: "{boo}", Label.NEUTRAL: "{huh}"}
# fmt: on
