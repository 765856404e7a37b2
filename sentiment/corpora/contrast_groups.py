"""Groups of people in the corpus `contrasts`: whatever the group, the sentence keeps its label.

Counterfactual augmentation (Lu et al. 2018; Zhao et al. 2018; Garg et al. 2019): `contrasts` writes
each sentence out with several terms of one group, all else equal. Pure data. None of the sentences,
roles and templates of `sentiment.evaluation.behaviour.identity` is here, but many of its terms are:
what is measured there is other sentences about the same groups.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentiment.labels import Label

# fmt: off
GROUPS: Mapping[str, tuple[str, ...]] = {
    "religion": (
        "christian", "muslim", "jewish", "hindu", "buddhist", "sikh", "catholic", "atheist",
        "protestant", "orthodox", "mormon", "agnostic", "religious",
    ),
    "nation": (
        "american", "british", "chinese", "indian", "german", "french", "mexican", "nigerian",
        "russian", "ukrainian", "turkish", "polish", "iranian", "israeli", "palestinian",
        "pakistani", "japanese", "brazilian", "korean", "somali", "syrian", "swedish", "afghan",
        "egyptian", "italian", "vietnamese",
    ),
    "gender": ("male", "female", "transgender", "non-binary", "trans", "cisgender"),
    "orientation": ("gay", "straight", "lesbian", "bisexual", "queer", "asexual"),
    "origin": ("black", "white", "asian", "latino", "african", "arab", "european", "indigenous"),
    "ability": ("deaf", "blind", "disabled", "autistic", "hearing"),
    "age": ("young", "old", "elderly", "middle-aged", "teenage"),
}
# Religion moved the score most: it takes half of the turns.
TURNS: tuple[str, ...] = (
    "religion", "nation", "religion", "gender", "religion", "orientation", "religion", "origin",
    "religion", "nation", "religion", "ability", "religion", "gender", "religion", "age",
)

SLOTS: Mapping[str, tuple[str, ...]] = {
    "job": (
        "drummer", "chef", "editor", "nurse", "farmer", "actor", "dancer", "lawyer", "coach",
        "gamer", "baker", "pilot", "vlogger", "comedian", "painter", "neighbour", "narrator",
        "writer", "guy", "family", "couple", "lady", "kid", "streamer", "scientist", "soldier",
    ),
}

PHENOMENA: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "somebody of a group is praised": (Label.POSITIVE, (
        "this {term} {job} is so {good}", "{term} {job} here made my day",
        "more videos with the {term} {job} please, they are {good}",
        "respect to the {term} {job} at {time}", "the {term} {job} deserves a million views",
        "best {term} {job} on this site", "i could listen to that {term} {job} all day",
        "i'm {term} and i love {it}", "i'm {term} and {it} made me proud",
        "got a {term} friend who made {bit} and it is {good}",
        "never heard a {term} {job} this {good}", "what a {good} {term} {job}",
        "big up the {term} {job} from {place}", "the {term} {job} nailed {bit}",
        "our {term} {job} cooked for everyone, so kind", "{term} or not, {who} is {good}",
        "the {term} {job} has such a warm smile", "{bit} by the {term} {job} is {good}",
    )),
    "somebody of a group is complained of": (Label.NEGATIVE, (
        "this {term} {job} is so {bad}", "{term} {job} here ruined my day",
        "less of the {term} {job} please, it is {bad}", "skip the {term} {job} at {time}",
        "the {term} {job} put me to sleep", "worst {term} {job} on this site",
        "i couldn't listen to that {term} {job} for a minute", "i'm {term} and i hate {it}",
        "i'm {term} and {it} made me angry", "got a {term} friend who made {bit} and it is {bad}",
        "never heard a {term} {job} this {bad}", "what a {bad} {term} {job}",
        "the {term} {job} from {place} talks nonsense", "the {term} {job} messed up {bit}",
        "our {term} {job} shouted at everyone, so rude", "{term} or not, {who} is {bad}",
        "the {term} {job} has no idea what they're doing", "{bit} by the {term} {job} is {bad}",
    )),
    "somebody of a group is named": (Label.NEUTRAL, (
        "the {term} {job} starts at {time}", "there's a {term} {job} in part {count}",
        "is {who} {term}?", "i think {who} is {term}", "who is the {term} {job} in {it}?",
        "{it} is about a {term} {job} from {place}", "the {term} {job} moved to {place} in {year}",
        "my cousin married a {term} {job} in {year}", "what's the name of the {term} {job}?",
        "{who} asked a {term} {job} about {bit}", "i'm {term}, from {place}",
        "which part has the {term} {job}?", "a {term} {job} and {who} talk for {count} minutes",
        "most people in my street are {term}", "the {term} {job} reads the news at {time}",
        "{who} isn't {term}, {who} is", "are there any {term} people in {place}?",
        "she grew up in a {term} home in {place}", "he plays a {term} {job} in {it}",
        "the {term} {job} is the one with the hat", "a {term} {job} lives next door",
        "the {term} {job} wore a blue shirt in {year}", "saw a {term} {job} in {place} in {year}",
    )),
}
# fmt: on
