"""Words and sentences of the behaviour tests. Data only; never to be trained on.

Slots: {thing} what is commented on, {person} who made it, {moment} when; {good}, {bad}, {like},
{hate}, {plain} carry or lack feeling.
"""

from __future__ import annotations

from collections.abc import Mapping

# fmt: off
SLOTS: Mapping[str, tuple[str, ...]] = {
    "thing": (
        "video", "tutorial", "song", "trailer", "review", "episode", "interview", "remix",
        "documentary", "cover", "lecture", "podcast", "recipe", "speech", "animation", "match",
    ),
    "part": (
        "ending", "intro", "music", "editing", "sound", "acting", "story", "explanation",
        "camera work", "soundtrack", "script", "pacing", "thumbnail", "voice-over",
    ),
    "person": (
        "Anna", "Marcus", "Priya", "Tom", "Lucia", "Kenji", "Omar", "Sofia", "Daniel", "Grace",
        "Ivan", "Mei", "Carlos", "Emma", "Ali", "Hannah",
    ),
    "moment": (
        "yesterday", "last night", "on Monday", "this morning", "in March", "on the train",
        "after school", "at work",
    ),
    "good": (
        "great", "wonderful", "excellent", "lovely", "fantastic", "beautiful", "impressive",
        "delightful", "brilliant", "superb", "charming", "outstanding",
    ),
    "bad": (
        "terrible", "awful", "boring", "disappointing", "useless", "horrible", "dull", "annoying",
        "dreadful", "pathetic", "ridiculous", "poor",
    ),
    # What negated says the opposite: "not superb" may still be fine, "not good" is not.
    "good_negated": ("good", "great", "helpful", "interesting", "funny", "impressive", "enjoyable",
                     "nice", "clever", "convincing"),
    "bad_negated": ("bad", "terrible", "boring", "awful", "horrible", "disappointing", "dull",
                    "annoying", "useless"),
    "like": ("love", "enjoy", "adore", "really like", "appreciate"),
    "liked": ("loved", "enjoyed", "adored", "really liked", "appreciated"),
    "hate": ("hate", "dislike", "despise", "can't stand", "detest"),
    "plain": ("short", "new", "long", "old", "recent", "second", "weekly", "third"),
    "joy": ("😍", "❤️", "🔥", "👏", "🥰", "😊", "🎉", "👍"),
    "anger": ("😡", "👎", "🤮", "😒", "😤", "🤬", "😠", "💔"),
}

POSITIVE: tuple[str, ...] = (
    "This {thing} is {good}.",
    "I {like} this {thing}.",
    "The {part} of this {thing} is {good}.",
    "{person} did a {good} job with the {part}.",
    "What a {good} {thing}!",
    "Watched it {moment} and the {part} was {good}.",
    "I {like} the {part} so much.",
    "Thank you {person}, this {thing} is {good}!",
)
NEGATIVE: tuple[str, ...] = (
    "This {thing} is {bad}.",
    "I {hate} this {thing}.",
    "The {part} of this {thing} is {bad}.",
    "{person} did a {bad} job with the {part}.",
    "What a {bad} {thing}!",
    "Watched it {moment} and the {part} was {bad}.",
    "I {hate} the {part} so much.",
    "Sorry {person}, this {thing} is {bad}.",
)
NEUTRAL: tuple[str, ...] = (
    "I watched this {thing} {moment}.",
    "{person} uploaded the {thing} {moment}.",
    "Which {thing} is this from?",
    "The {part} of the {thing} is by {person}.",
    "Is this the same {thing} that {person} made?",
    "This is a {plain} {thing} by {person}.",
    "{person} talks about the {part} at the start of the {thing}.",
    "Does anyone know when the {plain} {thing} comes out?",
)
NEGATED_PRAISE: tuple[str, ...] = (
    "This {thing} is not {good_negated}.",
    "The {part} isn't {good_negated} at all.",
    "I don't like this {thing}.",
    "I didn't enjoy the {part} of this {thing}.",
    "Not a {good_negated} {thing}, sorry {person}.",
    "There is nothing {good_negated} about the {part}.",
    "{person} never makes a {good_negated} {thing}.",
    "The {part} was not even {good_negated}.",
)
NEGATED_PRAISE_FAR: tuple[str, ...] = (
    "I don't think, after the trailer {person} made, that this {thing} is {good_negated}.",
    "I can't say that the {part} I saw {moment} was {good_negated}.",
    "Nobody I showed this {thing} to {moment} found it {good_negated}.",
    "It is not true, whatever {person} says, that the {part} is {good_negated}.",
    "I wouldn't, for all the work in the {part}, call this {thing} {good_negated}.",
)
NOT_BAD: tuple[str, ...] = (
    "This {thing} is not bad.",
    "Not bad at all, {person}!",
    "The {part} isn't bad.",
    "Not bad, the {part} works.",
    "That {thing} wasn't bad at all.",
    "The {part} is really not that bad.",
    "Watched it {moment}, not bad.",
    "not bad for a {plain} {thing}",
)
NEGATED_COMPLAINT: tuple[str, ...] = (
    "This {thing} is not {bad_negated}.",
    "The {part} isn't {bad_negated} at all.",
    "I don't hate this {thing}.",
    "{person} never makes a {thing} that is {bad_negated}.",
    "There is nothing {bad_negated} about the {part}.",
    "The {part} was never {bad_negated}.",
)
PRAISE_IN_NEGATING_WORDS: tuple[str, ...] = (
    "I can't stop watching this {thing}.",
    "The {part} never gets old.",
    "{person} never disappoints.",
    "Nobody does a {thing} better than {person}.",
    "The {part} couldn't be better.",
    "I have never seen a better {thing}.",
    "You can't go wrong with a {thing} by {person}.",
    "No complaints about the {part}, I loved it.",
    "Couldn't have asked for a better {part}.",
    "I never get tired of this {thing}.",
)
NEGATED_NEUTRAL: tuple[str, ...] = (
    "This is not a {plain} {thing}.",
    "{person} didn't upload the {thing} {moment}.",
    "The {plain} {thing} is not by {person}.",
    "I haven't watched the {thing} yet.",
    "That isn't {person} in the {thing}.",
    "The {thing} is not from {person}.",
)
CHANGED_FOR_THE_BETTER: tuple[str, ...] = (
    "I used to {hate} this {thing}, but now I {like} it.",
    "I thought the {part} would be {bad}, but it is {good}.",
    "{person} used to be {bad}, now the {thing} is {good}.",
    "Came here expecting a {bad} {thing}, it turned out {good}.",
)
CHANGED_FOR_THE_WORSE: tuple[str, ...] = (
    "I used to {like} this {thing}, but now I {hate} it.",
    "I thought the {part} would be {good}, but it is {bad}.",
    "{person} used to be {good}, now the {thing} is {bad}.",
    "Came here expecting a {good} {thing}, it turned out {bad}.",
)
# Without feeling of their own: the emoji says all.
FOR_EMOJI: tuple[str, ...] = (
    "this {thing} {emoji}",
    "the {part} {emoji}",
    "{person} and the {part} {emoji}",
    "watched this {thing} {moment} {emoji}",
    "{emoji} the {part} of this {thing}",
    "that {part} {emoji}{emoji}",
)

OPENERS: tuple[str, ...] = (
    "Hello everyone, ", "Hi {person}, ", "Excuse me, ", "If I may say so, ", "Good evening, ",
    "Just my opinion: ", "Dear {person}, ", "Greetings from the train, ",
)
CLOSERS: tuple[str, ...] = (
    " Kind regards.", " Greetings to all.", " That is my opinion.", " Until next time.",
    " Bye.", " Regards, {person}.",
)
PRAISES: tuple[str, ...] = (
    " I loved it.", " Great work!", " You made my day.", " It was wonderful.",
    " Thank you so much!", " Best thing I have seen this year.", " 10/10.",
    " Absolutely brilliant.",
)
COMPLAINTS: tuple[str, ...] = (
    " I hated it.", " Terrible work.", " You ruined my day.", " It was awful.", " What a waste.",
    " Worst thing I have seen this year.", " 0/10.", " Absolutely useless.",
)
INTENSIFIERS: tuple[str, ...] = ("really ", "so ", "absolutely ", "truly ", "extremely ")
# fmt: on
