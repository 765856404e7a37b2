"""The phrases of the corpus `contrasts`, by phenomenon. Pure data, as `synthetic_phrases` is.

None of the sentences of the behaviour tests (`sentiment.evaluation.behaviour`) may come out of
them: a test holds the two apart. What they share is English.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentiment.labels import Label

# One phrase a line would hide the tables.
# fmt: off
SLOTS: Mapping[str, tuple[str, ...]] = {
    "it": (
        "this clip", "this edit", "that remix", "this one", "the movie", "the sequel",
        "this vlog",
        "the game", "his playlist", "her stream", "the whole show", "this tutorial",
        "the review",
        "the trailer", "this lesson", "the new single", "episode {count}", "part {count}",
    ),
    "bit": (
        "the beat", "the chorus", "the plot", "the cgi", "the voice", "the bass", "the humour",
        "the second half", "the twist", "the narration", "the lighting", "the choreography",
        "the dialogue", "the mix", "the graphics", "the build up", "the last scene",
        "the bridge",
    ),
    "who": (
        "this guy", "the host", "he", "she", "the band", "bro", "the director", "my teacher",
        "whoever edited this", "jake", "maria", "that kid", "the drummer", "this creator",
    ),
    "good": (
        "good", "funny", "great", "helpful", "interesting", "convincing", "entertaining",
        "clever",
        "useful", "relatable", "catchy", "clear", "impressive", "enjoyable", "original", "nice",
        "accurate", "well made", "worth watching", "amazing", "beautiful", "exciting",
    ),
    "bad": (
        "bad", "boring", "terrible", "annoying", "cringe", "awful", "ugly", "confusing", "weak",
        "disappointing", "lazy", "pointless", "dull", "predictable", "overrated", "rushed",
        "useless", "horrible", "fake", "forced", "slow", "messy",
    ),
    "enjoy": (
        "like", "enjoy", "love", "recommend", "respect", "get into", "watch", "appreciate",
    ),
    "place": (
        "peru", "kerala", "ghana", "oslo", "ohio", "manila", "lagos", "madrid", "quebec",
        "seoul",
    ),
    "joy": (
        "😍", "❤️", "🔥", "👏", "🥰", "😊", "🎉", "👍", "💖", "🤩", "😁", "💯", "🙌", "😘", "🤗",
        "💪", "🥳", "😄", "😻", "💕", "🏆", "⭐", "😎", "🫶", "💙", "✨",
    ),
    "anger": (
        "😡", "👎", "🤮", "😒", "😤", "🤬", "😠", "💔", "😞", "🙄", "🤢", "😑", "😩", "🤦", "😖",
        "😣", "🗑️", "💩", "😾", "☹️", "🥱", "😕",
    ),
    "shrug": (
        "🤔", "👀", "📌", "🙋", "🎬", "⏰", "📍", "🎧", "📷", "📅", "🔗", "📺", "🚗", "🏠", "☁️",
    ),
    "bye": (
        "cheers", "have a nice day", "no offence", "with respect", "take care", "just saying",
        "thanks for reading", "hello from {place}", "peace", "sorry for my english",
        "good night",
        "that's all", "my two cents", "see you", "sincerely, {handle}", "all the best",
    ),
    "hello": (
        "hi all", "hey everyone", "dear {who}", "with all respect", "in my humble opinion",
        "good morning", "hello from {place}", "please don't be mad but", "for what it's worth",
        "first time here", "hey {who}", "speaking as a beginner",
    ),
    "very": ("very", "pretty", "super", "quite", "insanely", "just", "that", "all that"),
}

PHENOMENA: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "negated praise": (Label.NEGATIVE, (
        "{who} isn't {very} {good}", "{bit} wasn't {good}", "hardly anything {good} in {it}",
        "nothing in {it} felt {good} to me", "did not {enjoy} a second of it",
        "i don't {enjoy} {who} anymore", "can't {enjoy} {it}, {bit} is off",
        "none of {it} was {good}", "{it} isn't as {good} as people say",
        "was never {good} to begin with", "{bit} ain't {good}", "not {good}, not even close",
        "{it} is far from {good}", "anything but {good}", "doesn't sound {good} to me",
        "wish {bit} was {good}. it is not", "i would not {enjoy} {it} again",
        "{who} doesn't make {good} stuff", "no longer {good}", "we didn't {enjoy} {bit}",
        "not a {good} look for {who}", "isn't even {good}", "{it} was not {very} {good} imo",
    )),
    "negated praise far apart": (Label.NEGATIVE, (
        "i doubt that anyone who paid for {it} would call {bit} {good}",
        "i would never, not even for money, say {bit} is {good}",
        "hard to believe, with a budget like that, that somebody finds {it} {good}",
        "nobody with ears, and i asked many, thinks {bit} is {good}",
        "i don't see, even after three tries, how {it} is {good}",
        "it's not the case, as the title claims, that {it} is {good}",
        "you can't tell me, after that ending, that {who} is {good}",
        "i don't believe, no matter what the ads say, that {bit} was {good}",
        "in no way, and i watched it twice, is {it} {good}",
        "i wouldn't go so far, despite the effort, as to say {bit} is {good}",
        "not one person in my class, and we all saw {it}, called it {good}",
        "i didn't think, when {who} came on, that it was {good}",
        "can't say, hand on heart, {bit} is {good}",
        "don't let anybody, least of all {who}, tell you {it} is {good}",
        "it isn't, whatever the critics write, a {good} one",
    )),
    "negated complaint": (Label.POSITIVE, (
        "{who} isn't {bad}, you just don't get it", "i wouldn't call {bit} {bad}",
        "nothing {bad} in here", "never a {bad} moment with {who}",
        "{it} doesn't feel {bad} for a second", "wasn't {bad} like the others",
        "no {bad} filler, straight to the point", "nobody can say {who} is {bad}",
        "{bit} is far from {bad}", "anything but {bad}", "stop saying it's {bad}, it isn't",
        "did not find it {bad} at all", "{it} is not {bad}, it's a gem",
        "i don't think, whatever the critics wrote, that {bit} is {bad}",
        "{who} was not {bad} in {it}", "{it} isn't {bad}", "{bit} wasn't {very} {bad}",
        "not {bad} in any way", "can't call that {bad}", "i do not hate {bit}, it grew on me",
        "{who} didn't do a {bad} job",
    )),
    "not bad": (Label.POSITIVE, (
        "honestly not bad", "not bad at all tbh", "not half bad",
        "wasn't too bad for a first try",
        "that's not bad, keep going", "{bit} ain't bad", "{who} did not do bad here",
        "could be a lot worse, i had fun", "not the worst way to spend {count} minutes",
        "not too shabby", "hey, {it} is actually not bad", "ok {bit} is not so bad",
        "not bad {who}, not bad",
    )),
    "praise in negating words": (Label.POSITIVE, (
        "can't get enough of {bit}", "couldn't stop smiling", "you can't not dance to {it}",
        "doesn't get old, even after {count} plays", "not a dull minute with {who}",
        "no one beats {who}", "there is no better one on this site",
        "couldn't be happier with {it}", "can't fault {bit}", "i will never stop playing {it}",
        "nothing comes close to {bit}", "won't ever forget {it}, chills",
        "not a single bad second", "zero complaints here", "no notes, {who} nailed it",
        "wouldn't change a thing", "never fails to make me smile", "can't wait for {it}",
        "hasn't let me down once", "don't ever stop making these",
        "nobody explains it like {who}", "you won't regret clicking on {it}",
        "can never get tired of {bit}", "no way {who} topped the last one, but it happened",
        "could not ask for more", "impossible not to love {who}",
        "it doesn't get better than {it}",
        "never seen anything this {good}", "i haven't laughed this hard in years",
        "{who} can do no wrong", "not one skip on {it}", "nothing to criticise about {bit}",
        "couldn't have put it better myself", "{who} never misses",
        "years later and it never grows old",
    )),
    "complaint in plain words": (Label.NEGATIVE, (
        "i want those {count} minutes back", "my ears need an apology",
        "skip {it}, you miss nothing",
        "should have stayed in the drafts", "remind me to never click on this again",
        "who approved {bit}", "lost me at {time}", "closed it at {time}", "hard pass",
        "{count} ads for this", "save yourself the time", "could have been an email",
        "{who} needs to find another hobby", "and people get paid for this",
        "fell asleep at {time}",
        "this is why i use an ad blocker", "bring back the old {who}",
        "glad i didn't pay for {it}",
    )),
    "negated statement": (Label.NEUTRAL, (
        "i have not seen {it} yet", "he doesn't say which one",
        "that's not {bit}, that's the intro",
        "{it} isn't on the other app", "no, it was {year}", "not the same guy",
        "it didn't come out in {year}", "i don't know the name of {it}",
        "{who} isn't in part {count}", "we don't have that in {place}",
        "haven't tried it yet, will report back", "there is no part {count}",
        "{who} does not sing in {it}", "not from {place}, from {place}",
        "it isn't {time}, it's {time}",
        "they never said which year", "this wasn't recorded in {place}", "no idea who {who} is",
    )),
    "plain statement or question": (Label.NEUTRAL, (
        "{it} starts at {time}", "{who} talks about {bit} at {time}",
        "which app is {it} made with?",
        "when does {it} come out?", "saw {it} in {place} in {year}", "{bit} is by {who}",
        "is {who} from {place}?", "{it} came before {it}", "anybody know the bpm of {bit}?",
        "{who} posted {it} in {year}", "it's {count} minutes long", "i'm at {time} now",
        "what camera is it?", "{bit} begins after the intro", "who else is here in {year}",
        "my brother showed me {it}", "{it} is the second one by {who}", "{place} here",
    )),
    "changed for the better": (Label.POSITIVE, (
        "used to find {who} {bad}, these days i can't miss one",
        "was ready to be bored, ended up loving {it}",
        "clicked expecting something {bad} and got something {good}",
        "first minute was {bad}, then it turned really {good}",
        "thought {it} would be {bad}. i was wrong", "went in a hater, came out a fan",
        "{bit} sounded {bad} at first but it is so {good} now",
        "everyone said {bad}, i say {good}", "didn't get {bit} at first, now i'm hooked",
        "i hated {who} last year, now i'm subscribed",
    )),
    "changed for the worse": (Label.NEGATIVE, (
        "{who} was {good} once, what happened", "used to {enjoy} every one, now i skip them",
        "started {good}, turned {bad} halfway", "was told it's {good}, left annoyed",
        "wanted to {enjoy} this but {bit} is just {bad}",
        "the old ones were {good}, {it} is {bad}", "was a fan for years, not anymore",
        "clicked for something {good} and got something {bad}",
        "looked {good} in the preview, turned out {bad}", "everyone said {good}, i say {bad}",
        "i loved {who} last year, now i can't watch",
        "{it} could have been {good}. it is {bad}",
        "{who} had {good} ideas before, {bit} is {bad} now",
    )),
    "polite praise": (Label.POSITIVE, (
        "{hello}, {it} is {good}", "{bit} is {good}. {bye}", "{it} was {good}, {bye}",
        "{hello}, loved {bit}", "i love {it}. {bye}", "{who} did a {good} job. {bye}",
    )),
    "polite complaint": (Label.NEGATIVE, (
        "{hello}, {it} is {bad}", "{bit} is {bad}. {bye}", "{it} was {bad}, {bye}",
        "{hello}, hated {bit}", "i don't like {it}. {bye}", "{who} did a {bad} job. {bye}",
        "can't stand {who}. {bye}",
    )),
    "polite statement": (Label.NEUTRAL, (
        "{hello}, {it} starts at {time}", "{it} is from {year}. {bye}",
        "{hello}, where is {bit} from?", "{who} made {it} in {place}. {bye}",
    )),
    "emoji of joy": (Label.POSITIVE, (
        "{time} {joy}", "when {who} walks in {joy}", "{bit} tho {joy}",
        "me after {bit} {joy}{joy}",
        "{who} in {it} {joy}{joy}{joy}", "bro {bit} {joy}", "{joy} {who}", "{joy}{joy} {bit}",
        "my face at {time} {joy}", "day {count} of watching {it} {joy}",
        "pov: you hear {bit} {joy}",
        "saw {it} in {place} {joy}", "{who} at {time} {joy}", "{joy} {it} in {year}",
    )),
    "emoji of anger": (Label.NEGATIVE, (
        "{time} {anger}", "when {who} walks in {anger}", "{bit} tho {anger}",
        "me after {bit} {anger}{anger}",
        "{who} in {it} {anger}{anger}{anger}", "bro {bit} {anger}", "{anger} {who}",
        "{anger}{anger} {bit}", "my face at {time} {anger}",
        "day {count} of watching {it} {anger}",
        "pov: you hear {bit} {anger}", "saw {it} in {place} {anger}", "{who} at {time} {anger}",
        "{anger} {it} in {year}",
    )),
    "emoji of neither": (Label.NEUTRAL, (
        "{time} {shrug}", "{it} in {year} {shrug}", "{shrug} {who} at {time}",
        "which one is {it} {shrug}",
        "from {place} {shrug}",
    )),
}
# fmt: on
