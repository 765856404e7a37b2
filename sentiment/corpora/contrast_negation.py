"""Negation of the corpus `contrasts`, each shape in four: denied or not, of praise or complaint.

One word apart and of the other label, as contrast sets are (Gardner et al. 2020): so neither
"never" nor "boring" says alone how a comment feels. Pure data; the behaviour tests stay unseen, as
`sentiment.corpora.contrast_phrases` says.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentiment.labels import Label

# {quality} is filled with a word of praise or of complaint.
# fmt: off
_DENIED: tuple[str, ...] = (
    "{bit} is just not {quality}", "{it} was hardly {quality}", "{who} wasn't {quality} today",
    "it isn't {quality}", "no, {bit} isn't {quality}", "i never found {it} {quality}",
    "{it} never felt {quality} to me", "at no point was {bit} {quality}",
    "at no time did {it} get {quality}", "i see nothing {quality} in {it}",
    "there wasn't anything {quality} in {bit}", "nothing that {who} does is {quality}",
    "not one {quality} minute in {it}", "{who} has yet to make something {quality}",
    "{who} has never put out anything {quality}", "i have never seen {who} be {quality}",
    "in {count} years {who} was never once {quality}", "none of {it} is {quality}",
    "neither {bit} nor {it} is {quality}", "{bit} isn't {quality} and {it} isn't either",
    "i wouldn't say {quality}", "nobody i know thinks {it} is {quality}",
    "not {quality} in the least", "{it} is not in the least {quality}",
    "hasn't been {quality} since {year}", "there's no way {bit} is {quality}",
    "who says {it} is {quality}? it is not", "you call {bit} {quality}? it isn't",
    "{it} doesn't strike me as {quality}", "{bit} does not come across as {quality}",
    "since when is {it} {quality}? it never was", "it was not {quality} to watch",
    "{who} is by no means {quality}", "by no means a {quality} one", "it's no {quality} one",
    "without a single {quality} moment", "lacks anything {quality}", "{bit} is never {quality}",
    "{who} doesn't do {quality}", "that's not {quality} anymore", "didn't find {bit} {quality}",
)
_SAID: tuple[str, ...] = (
    "{bit} is just {quality}", "{it} was always {quality}", "{who} was {quality} today",
    "it is {quality}", "no, {bit} is {quality}", "i always found {it} {quality}",
    "{it} felt {quality} to me", "at every point {bit} was {quality}",
    "{it} got {quality} at {time}", "i see something {quality} in {it}",
    "there was something {quality} in {bit}", "everything that {who} does is {quality}",
    "one {quality} minute after the other in {it}", "{who} made something {quality} again",
    "{who} has only ever put out {quality} stuff", "i have often seen {who} be {quality}",
    "in {count} years {who} was always {quality}", "all of {it} is {quality}",
    "both {bit} and {it} are {quality}", "{bit} is {quality} and {it} is too",
    "i would say {quality}", "everyone i know thinks {it} is {quality}",
    "never have i seen anything so {quality}", "there is nothing as {quality} as {it}",
    "has been {quality} since {year}", "there's no doubt {bit} is {quality}",
    "{it} strikes me as {quality}", "{bit} does come across as {quality}",
    "can't deny that {bit} is {quality}", "don't tell me {it} isn't {quality}, it is",
    "never knew {it} could be this {quality}", "i didn't expect {bit} to be so {quality}",
)
_DENIED_FAR: tuple[str, ...] = (
    "i don't think, having seen all {count} parts, that {it} is {quality}",
    "i do not feel, after everything people wrote here, that {bit} is {quality}",
    "i can't, with the best will in the world, find {it} {quality}",
    "no one who sat through {it} in {place} came out and said it was {quality}",
    "nobody in the comments, and there are thousands, says {bit} is {quality}",
    "it simply isn't so, even if {who} keeps repeating it, that {it} is {quality}",
    "i would not, after hearing {bit} three times, describe it as {quality}",
    "there's not one thing in {it}, from start to finish, that i'd call {quality}",
    "not a single one of the people i watched {it} with said that {bit} was {quality}",
    "i can't honestly claim that {bit} we heard in {place} was {quality}",
    "never, in all the years i have followed {who}, did i find {it} {quality}",
    "i refuse to believe that anybody watching {it} in {year} finds it {quality}",
    "you won't hear me say, now or ever, that {who} is {quality}",
    "it would be wrong, given {bit}, to call {it} {quality}",
    "whatever else you say about {who}, don't say {it} is {quality}",
    "i didn't get the feeling, at {time} or later, that {bit} was {quality}",
    "i'm not going to pretend, like the rest of you, that {it} is {quality}",
    "i have not met anyone in {place} yet who considers {it} {quality}",
)
_SAID_FAR: tuple[str, ...] = (
    "i do think, having seen all {count} parts, that {it} is {quality}",
    "i feel, after everything people wrote here, that {bit} really is {quality}",
    "everyone who sat through {it} in {place} came out and said it was {quality}",
    "i don't care what anybody in the comments says, {bit} is {quality}",
    "it is so, even if {who} keeps denying it, {it} is {quality}",
    "i would, after hearing {bit} three times, describe it as {quality}",
    "every one of the people i watched {it} with said that {bit} was {quality}",
    "always, in all the years i have followed {who}, i found {it} {quality}",
    "i can't believe that nobody told me before {year} how {quality} {it} is",
    "i don't know who made {bit}, but it is {quality}",
    "i had the feeling, at {time} and later, that {bit} was {quality}",
    "i am not from {place} and i don't know {who}, but {it} is {quality}",
)


def _with(shapes: tuple[str, ...], slot: str) -> tuple[str, ...]:
    return tuple(shape.replace("{quality}", f"{{{slot}}}") for shape in shapes)


PHENOMENA: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "praise denied": (Label.NEGATIVE, _with(_DENIED, "good")),
    "complaint denied": (Label.POSITIVE, _with(_DENIED, "bad")),
    "praise said": (Label.POSITIVE, _with(_SAID, "good")),
    "complaint said": (Label.NEGATIVE, _with(_SAID, "bad")),
    "praise denied from afar": (Label.NEGATIVE, _with(_DENIED_FAR, "good")),
    "complaint denied from afar": (Label.POSITIVE, _with(_DENIED_FAR, "bad")),
    "praise said from afar": (Label.POSITIVE, _with(_SAID_FAR, "good")),
    "complaint said from afar": (Label.NEGATIVE, _with(_SAID_FAR, "bad")),
    "dislike denied": (Label.POSITIVE, (
        "i could never hate {who}", "i never hated {it}", "can't hate {it}", "not hating on {it}",
        "nobody hates {who} here", "i didn't mind {bit} at all", "no hate from me, {it} is fine",
        "i don't despise {who}, quite the opposite", "who could hate {it}? not me",
        "i don't dislike {bit}, i'm getting into it", "no regrets about {it}",
        "i wouldn't skip {it}", "not once did i want to skip {bit}",
        "i won't say a word against {it}",
        "i do not get the hate for {who}", "{it} never made me look at the clock",
        "{who} didn't ruin {it} for me", "{bit} didn't bother me one bit",
        "i don't regret a minute of {it}", "not sorry i clicked on {it}",
    )),
    "dislike said": (Label.NEGATIVE, (
        "i could only ever hate {it}", "i always hated {it}", "i hate {bit} with a passion",
        "everybody hates {it} here", "i did mind {bit}, a lot", "i despise {bit}",
        "i dislike {bit}, turning it off", "i regret every minute of {it}", "i would skip {it}",
        "wanted to skip {bit} the whole time", "{it} made me look at the clock",
        "{who} ruined {it} for me", "{bit} bothered me a lot", "sorry i ever clicked on {it}",
        "can't help it, i hate {it}", "never again, i hate {who}",
    )),
}
# fmt: on
